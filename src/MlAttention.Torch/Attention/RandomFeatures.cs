namespace MlAttention.Torch.Attention;

/// <summary>Random vectors of a normal distribution, on request orthogonal to each other in groups of their width.</summary>
internal static class RandomFeatures
{
    /// <returns>[features,width]; each row on its own has the distribution N(0, 1) in every dimension.</returns>
    /// <remarks>
    /// Orthogonal: the directions of each group come from Gram-Schmidt on normal vectors, the lengths from independent normal vectors.
    /// </remarks>
    public static double[,] Draw(int features, int width, bool orthogonal, int seed)
    {
        var random = new Random(seed);
        var rows = new double[features][];
        for (var i = 0; i < features; i++)
        {
            var row = Normal(random, width);
            if (orthogonal)
            {
                var length = Length(Normal(random, width));
                for (var other = i - i % width; other < i; other++) RemoveDirection(row, rows[other]);
                var scale = length / Length(row);
                for (var j = 0; j < width; j++) row[j] *= scale;
            }
            rows[i] = row;
        }
        var drawn = new double[features, width];
        for (var i = 0; i < features; i++)
            for (var j = 0; j < width; j++) drawn[i, j] = rows[i][j];
        return drawn;
    }

    private static double[] Normal(Random random, int width)
    {
        var vector = new double[width];
        for (var i = 0; i < width; i++)
            vector[i] = Xoshiro256.Normal(random.NextDouble(), random.NextDouble());
        return vector;
    }

    private static void RemoveDirection(double[] vector, double[] direction)
    {
        var share = Dot(vector, direction) / Dot(direction, direction);
        for (var i = 0; i < vector.Length; i++) vector[i] -= share * direction[i];
    }

    private static double Length(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
