namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>Attention over three tokens, worked out in plain numbers: what docs/ATTENTION.md shows.</summary>
internal static class WorkedExample
{
    /// <summary>The tokens.</summary>
    public static string[] Tokens { get; } = ["the", "dog", "barks"];

    /// <summary>What each token looks for, [L,Dh].</summary>
    public static double[][] Query { get; } = [[1, 0], [1, 1], [0, 2]];

    /// <summary>What each token offers, [S,Dh].</summary>
    public static double[][] Key { get; } = [[1, 0], [0, 1], [1, 1]];

    /// <summary>What each token says, [S,Dv].</summary>
    public static double[][] Value { get; } = [[1, 0], [0, 1], [1, 1]];

    /// <summary>QKᵀ, [L,S].</summary>
    public static double[][] Products => [.. Query.Select(query => Key.Select(key => query.Zip(key, (q, k) => q * k).Sum()).ToArray())];

    /// <summary>QKᵀ/√d, [L,S].</summary>
    public static double[][] Scores => [.. Products.Select(row => row.Select(product => product / Math.Sqrt(Key[0].Length)).ToArray())];

    /// <summary>softmax(QKᵀ/√d), [L,S].</summary>
    public static double[][] Weights => [.. Scores.Select(Softmax)];

    /// <summary>softmax(QKᵀ/√d)V, [L,Dv].</summary>
    public static double[][] Output => [.. Weights.Select(Mix)];

    /// <summary>Positive shares that add up to 1.</summary>
    public static double[] Softmax(double[] scores)
    {
        double sum = scores.Sum(Math.Exp);
        return [.. scores.Select(score => Math.Exp(score) / sum)];
    }

    /// <summary>The values, mixed by the weights of one query.</summary>
    public static double[] Mix(double[] weights) => [.. Enumerable.Range(0, Value[0].Length).Select(column => weights.Zip(Value, (weight, value) => weight * value[column]).Sum())];
}
