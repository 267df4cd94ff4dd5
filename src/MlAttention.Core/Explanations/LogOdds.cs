namespace MlAttention.Core.Explanations;

/// <summary>
/// The number that explanations explain: log(p / (1 - p)) of one class. Unlike the probability it does not flatten where a model is sure,
/// and unlike a logit it does not change when all logits grow alike. Of a regression it is the number itself.
/// </summary>
/// <remarks>
/// With logits z, where one of C labels holds: log-odds of c = z[c] - log of the sum over j ≠ c of e^z[j]; for two classes the difference of their
/// logits. Where each label holds or not by itself: z[c].
/// </remarks>
/// <param name="task">What the model is asked for.</param>
internal sealed class LogOdds(TaskKind task)
{
    private readonly bool _isOneOfAll = task switch
    {
        TaskKind.SingleLabel => true,
        TaskKind.MultiLabel or TaskKind.Regression => false,
        _ => throw new NotSupportedException($"Contributions of tokens explain one answer for a text; a model for {task} gives others."),
    };

    /// <summary>The log-odds of a class, in nats.</summary>
    /// <param name="logits">[C].</param>
    /// <param name="target">The class.</param>
    public double Of(ReadOnlySpan<float> logits, int target)
    {
        if (!_isOneOfAll) return logits[target];
        double largest = LargestOther(logits, target), sum = 0;
        for (int c = 0; c < logits.Length; c++)
            if (c != target) sum += Math.Exp(logits[c] - largest);
        return logits[target] - largest - Math.Log(sum);
    }

    /// <summary>Puts the gradient in the logits' place: 1 for the class, and for the others less their softmax, or 0.</summary>
    public void ToGradient(Span<float> logits, int target)
    {
        if (!_isOneOfAll)
        {
            logits.Clear();
            logits[target] = 1;
            return;
        }
        double largest = LargestOther(logits, target), sum = 0;
        for (int c = 0; c < logits.Length; c++)
            if (c != target) sum += Math.Exp(logits[c] - largest);
        for (int c = 0; c < logits.Length; c++)
            logits[c] = c == target ? 1 : (float)(-Math.Exp(logits[c] - largest) / sum);
    }

    private static double LargestOther(ReadOnlySpan<float> logits, int target)
    {
        double largest = double.NegativeInfinity;
        for (int c = 0; c < logits.Length; c++)
            if (c != target) largest = Math.Max(largest, logits[c]);
        return largest;
    }
}
