using static TorchSharp.torch;

namespace MlAttention.Examples.PatchesAndFrames;

/// <summary>
/// Noisy images [1,8,8] with one bright patch of 2 x 2 pixels. The class is the quadrant in which it lies: the patches
/// themselves are the same in every class, so only their positions tell.
/// </summary>
public sealed class BrightPatchImages : ISyntheticData
{
    public const int Side = 8, PatchSize = 2;
    private const int PatchesPerSide = Side / PatchSize;

    public int Classes => 4;

    public (Tensor Inputs, Tensor Labels) Batch(Random random, int rows)
    {
        var pixels = new float[rows, 1, Side, Side];
        var quadrants = new long[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int y = 0; y < Side; y++)
                for (int x = 0; x < Side; x++) pixels[row, 0, y, x] = 0.3f * random.NextSingle();
            var (patchY, patchX) = (random.Next(PatchesPerSide), random.Next(PatchesPerSide));
            for (int y = 0; y < PatchSize; y++)
                for (int x = 0; x < PatchSize; x++) pixels[row, 0, patchY * PatchSize + y, patchX * PatchSize + x] += 1;
            quadrants[row] = 2 * (patchY / (PatchesPerSide / 2)) + patchX / (PatchesPerSide / 2);
        }
        return (tensor(pixels), tensor(quadrants));
    }
}
