using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>
/// Attention over three tokens, step by step: the code that docs/ATTENTION.md shows, and the numbers that its pictures show.
/// There are two heads of width 2: the first goes by meaning, the second by place.
/// </summary>
internal static class WorkedExample
{
    static WorkedExample()
    {
        using var scope = NewDisposeScope();

        // sample: Worked_Positions
        var embeddings = tensor(new double[,] { { 0, 0, -1, -1 }, { 0, 0, 1, -1 }, { 0, 0, -1, 1 } });   // [L,D]
        using var positions = new SinusoidalPositions(modelWidth: 4);
        var x = positions.AddToEmbeddings(embeddings.unsqueeze(0)).squeeze(0);                      // [L,D]
        // end of sample

        (Embeddings, Positions, X) = (Rows(embeddings), Rows(tensor(SinusoidalPositions.Table(3, 4))), Rows(x));
        double[] none = [0, 0], one = [1, 0], other = [0, 1];
        ByMeaning = Head.Of(x, queryWeights: [none, none, other, one], keyWeights: [none, none, [1, -1], [0, -1]], valueWeights: [none, none, one, other]);
        ByPlace = Head.Of(x, queryWeights: [[2, 4], [-4, 2], none, none], keyWeights: [one, other, none, none], valueWeights: [none, none, one, other]);
        OutputWeights = [[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, -1, 0], [0, 1, 0, -1]];
        var (head1, head2, wo) = (Matrix(ByMeaning.Output), Matrix(ByPlace.Output), Matrix(OutputWeights));

        // sample: Worked_Heads
        var joined = cat([head1, head2], 1);                        // [L,H*Dv]
        var result = joined.matmul(wo);                             // [L,D]
        // end of sample

        (Joined, Output) = (Rows(joined), Rows(result));
    }

    /// <summary>The tokens.</summary>
    public static string[] Tokens { get; } = ["the", "dog", "barks"];

    /// <summary>A vector for each token, [L,D]: the third number tells nouns, the fourth verbs.</summary>
    public static double[][] Embeddings { get; }

    /// <summary>What is added for each place, [L,D].</summary>
    public static double[][] Positions { get; }

    /// <summary>Embeddings with positions, [L,D].</summary>
    public static double[][] X { get; }

    /// <summary>The head that looks for a meaning: a verb for a noun, a noun for what is neither.</summary>
    public static Head ByMeaning { get; }

    /// <summary>The head that looks at the token before.</summary>
    public static Head ByPlace { get; }

    /// <summary>The outputs of both heads side by side, [L,D].</summary>
    public static double[][] Joined { get; }

    /// <summary>Wo, [D,D].</summary>
    public static double[][] OutputWeights { get; }

    /// <summary>What the layer gives, [L,D].</summary>
    public static double[][] Output { get; }

    /// <summary>Positive shares that add up to 1.</summary>
    public static double[] Softmax(double[] scores)
    {
        double sum = scores.Sum(Math.Exp);
        return [.. scores.Select(score => Math.Exp(score) / sum)];
    }

    /// <summary>Values mixed by the weights of one query.</summary>
    public static double[] Mix(double[] weights, double[][] values) => [.. values[0].Select((_, column) => weights.Zip(values, (weight, value) => weight * value[column]).Sum())];

    /// <summary>Rows as a matrix.</summary>
    public static Tensor Matrix(double[][] rows) => stack([.. rows.Select(row => tensor(row))]);

    private static double[][] Rows(Tensor matrix) => [.. Enumerable.Range(0, (int)matrix.shape[0]).Select(row => matrix[row].contiguous().data<double>().ToArray())];

    /// <summary>One head, with what each step makes.</summary>
    /// <param name="QueryWeights">Wq, [D,Dh].</param>
    /// <param name="KeyWeights">Wk, [D,Dh].</param>
    /// <param name="ValueWeights">Wv, [D,Dv].</param>
    public sealed record Head(double[][] QueryWeights, double[][] KeyWeights, double[][] ValueWeights)
    {
        /// <summary>What each token looks for, [L,Dh].</summary>
        public required double[][] Query { get; init; }

        /// <summary>What each token offers, [S,Dh].</summary>
        public required double[][] Key { get; init; }

        /// <summary>What each token says, [S,Dv].</summary>
        public required double[][] Value { get; init; }

        /// <summary>QKᵀ, [L,S].</summary>
        public required double[][] Products { get; init; }

        /// <summary>QKᵀ/√Dh, [L,S].</summary>
        public required double[][] Scores { get; init; }

        /// <summary>The scores that the causal mask leaves, [L,S]; NaN elsewhere.</summary>
        public required double[][] Masked { get; init; }

        /// <summary>softmax of the scores that the causal mask leaves, [L,S].</summary>
        public required double[][] Weights { get; init; }

        /// <summary>The weights times the values, [L,Dv].</summary>
        public required double[][] Output { get; init; }

        /// <summary>Runs the head on a sequence.</summary>
        public static Head Of(Tensor x, double[][] queryWeights, double[][] keyWeights, double[][] valueWeights)
        {
            var (wq, wk, wv) = (Matrix(queryWeights), Matrix(keyWeights), Matrix(valueWeights));

            // sample: Worked_Projections
            var query = x.matmul(wq);                   // [L,Dh]: what each token looks for
            var key = x.matmul(wk);                     // [S,Dh]: what each token offers
            var value = x.matmul(wv);                   // [S,Dv]: what each token says
            // end of sample

            // sample: Worked_Products
            var products = query.matmul(key.t());                       // [L,S]
            // end of sample

            // sample: Worked_Scores
            var scores = products.div(Math.Sqrt(2));                    // [L,S]
            // end of sample

            // sample: Worked_Mask
            var allowed = AttentionMask.Causal().ToTensor(3, 3);        // [L,S], True = may attend
            // end of sample

            // sample: Worked_Weights
            var weights = MaskedSoftmax.Apply(scores, allowed);         // [L,S], each row adds up to 1
            // end of sample

            // sample: Worked_Output
            var output = weights.matmul(value);                         // [L,Dv]
            // end of sample

            return new Head(queryWeights, keyWeights, valueWeights)
            {
                Query = Rows(query), Key = Rows(key), Value = Rows(value), Products = Rows(products), Scores = Rows(scores),
                Masked = Rows(scores.masked_fill(allowed.logical_not(), double.NaN)), Weights = Rows(weights), Output = Rows(output),
            };
        }
    }
}
