using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Explanations;

/// <summary>A model of two classes whose log-odds are a function of numbers, one a token, so that its explanations can be worked out by hand.</summary>
/// <param name="valueOf">The number of a token: its embedding, one wide.</param>
/// <param name="function">The log-odds of class 0.</param>
/// <param name="gradient">Their gradient.</param>
internal sealed class ExplainedFunction(Func<int, double> valueOf, Func<double[], double> function, Func<double[], double[]> gradient) : ISequenceScorer
{
    /// <summary>Rows of each call.</summary>
    public List<int> Calls { get; } = [];

    public string EngineName => "by hand";

    public void Score(TokenBatch batch, Span<float> logits)
    {
        Calls.Add(batch.Rows);
        for (int row = 0; row < batch.Rows; row++) (logits[2 * row], logits[2 * row + 1]) = ((float)function([.. Row(batch, batch.Tokens, row).Select(valueOf)]), 0);
    }

    public void PathGradients(TokenBatch batch, TokenPath path, Span<float> gradients)
    {
        Calls.Add(batch.Rows);
        for (int row = 0; row < batch.Rows; row++)
        {
            double[] ends = [.. Row(batch, batch.Tokens, row).Select(valueOf)], starts = [.. Row(batch, path.Baselines, row).Select(valueOf)];
            double[] here = [.. starts.Zip(ends, (start, end) => start + path.Shares[row] * (end - start))];
            float[] slope = [(float)function(here), 0];
            path.Slope(row, slope);
            double[] slopes = gradient(here);
            for (int i = 0; i < here.Length; i++) gradients[row * batch.Length + i] = (float)(slope[0] * slopes[i] * (ends[i] - starts[i]));
        }
    }

    public void Encode(TokenBatch batch, Span<float> vectors) => throw new NotSupportedException();

    public void EncodeTokens(TokenBatch batch, Span<float> vectors) => throw new NotSupportedException();

    private static int[] Row(TokenBatch batch, int[] ids, int row) => ids[(row * batch.Length)..(row * batch.Length + batch.Lengths[row])];
}
