using System.Buffers.Binary;

namespace MlAttention.Ablation.Runs;

/// <summary>The probability of each text's label as a share of 65535 in 16 bits, little-endian: 1 and 0 are exact, all others right to 0.00001.</summary>
internal static class LabelProbabilities
{
    private const int BytesOfANumber = 2;

    /// <summary>The mean over several arrangements of the same texts.</summary>
    public static byte[] Of(params IReadOnlyList<TextScores> scores)
    {
        byte[] bytes = new byte[scores[0].LabelProbabilities.Length * BytesOfANumber];
        for (int row = 0; row < scores[0].LabelProbabilities.Length; row++)
        {
            double mean = scores.Average(ofOne => (double)ofOne.LabelProbabilities[row]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(row * BytesOfANumber), (ushort)Math.Round(mean * ushort.MaxValue));
        }
        return bytes;
    }

    /// <summary>A text's probability.</summary>
    public static double At(byte[] bytes, int row) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(row * BytesOfANumber)) / (double)ushort.MaxValue;
}
