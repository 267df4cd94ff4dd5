using static TorchSharp.torch;

namespace MlAttention.Examples.PatchesAndFrames;

/// <summary>
/// Noisy feature frames [48,6], as of a spectrogram, in which a low and a high tone sound once each, a few frames apart.
/// The class tells which comes first: played backwards, an input of one class is one of the other, so only order tells.
/// Tones begin with a token, so that no token holds an order of its own.
/// </summary>
public sealed class TwoToneFrames : ISyntheticData
{
    public const int Frames = 48, Features = 6, FramesPerToken = 4;
    private const int Tokens = Frames / FramesPerToken, ToneTokens = 2, LongestGapTokens = 2;

    public int Classes => 2;

    public (Tensor Inputs, Tensor Labels) Batch(Random random, int rows)
    {
        var frames = new float[rows, Frames, Features];
        var highFirst = new long[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int time = 0; time < Frames; time++)
                for (int feature = 0; feature < Features; feature++) frames[row, time, feature] = 0.3f * random.NextSingle();
            int gap = random.Next(1, LongestGapTokens + 1);
            int first = random.Next(Tokens - 2 * ToneTokens - gap + 1);
            highFirst[row] = random.Next(2);
            Sound(frames, row, first, high: highFirst[row] == 1);
            Sound(frames, row, first + ToneTokens + gap, high: highFirst[row] == 0);
        }
        return (tensor(frames), tensor(highFirst));
    }

    private static void Sound(float[,,] frames, int row, int token, bool high)
    {
        int lowest = high ? Features / 2 : 0;
        for (int time = token * FramesPerToken; time < (token + ToneTokens) * FramesPerToken; time++)
            for (int feature = lowest; feature < lowest + Features / 2; feature++) frames[row, time, feature] += 1;
    }
}
