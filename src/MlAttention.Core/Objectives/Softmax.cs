namespace MlAttention.Core.Objectives;

/// <summary>From the logits of a row to probabilities and a class: the one way of training, scoring and evaluating.</summary>
internal static class Softmax
{
    /// <summary>Replaces scores by e^score / sum, without overflow.</summary>
    /// <returns>log of the sum of e^score.</returns>
    public static double InPlace(Span<float> scores)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores) largest = MathF.Max(largest, score);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = MathF.Exp(scores[i] - largest);
            sum += scores[i];
        }
        for (int i = 0; i < scores.Length; i++) scores[i] = (float)(scores[i] / sum);
        return largest + Math.Log(sum);
    }

    /// <summary>The first of the largest scores.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }
}
