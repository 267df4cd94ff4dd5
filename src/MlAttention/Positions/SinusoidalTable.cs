namespace MlAttention.Positions;

/// <summary>The numbers of the sinusoidal encoding, without tensors.</summary>
internal static class SinusoidalTable
{
    /// <summary>The encodings of positions 0 .. length - 1, [length,width]; an odd width has one sine more than cosines.</summary>
    public static double[,] Of(int length, int width, double wavelengthBase, bool interleaved)
    {
        var table = new double[length, width];
        var sines = (width + 1) / 2;
        for (var pair = 0; pair < sines; pair++)
        {
            var frequency = Math.Pow(wavelengthBase, -2.0 * pair / width);
            var (sineColumn, cosineColumn) = interleaved ? (2 * pair, 2 * pair + 1) : (pair, sines + pair);
            for (var position = 0; position < length; position++)
            {
                var (sine, cosine) = Math.SinCos(position * frequency);
                table[position, sineColumn] = sine;
                if (cosineColumn < width) table[position, cosineColumn] = cosine;
            }
        }
        return table;
    }
}
