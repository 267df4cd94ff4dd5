namespace MlAttention.Core.Objectives;

/// <summary>The cross entropy of one label among C, with label smoothing.</summary>
/// <remarks>loss = -sum over c of target[c] log p[c], p = softmax(logits), target = (1 - s) onehot(label) + s / C (Szegedy et al. 2016).</remarks>
internal static class CrossEntropy
{
    /// <summary>The loss; the logits [C] become dlogits = factor (p - target).</summary>
    public static double Backward(Span<float> logits, int label, float factor, double smoothing)
    {
        double mean = smoothing > 0 ? Mean(logits) : 0, atLabel = logits[label];
        double logSum = Softmax.InPlace(logits);
        double loss = logSum - (1 - smoothing) * atLabel - smoothing * mean;
        for (int c = 0; c < logits.Length; c++) logits[c] = factor * (logits[c] - (float)((c == label ? 1 - smoothing : 0) + smoothing / logits.Length));
        return loss;
    }

    /// <summary>log sum exp(logits) - logit of the label.</summary>
    public static double Of(ReadOnlySpan<float> logits, int label)
    {
        double largest = logits[Softmax.IndexOfLargest(logits)];
        double sum = 0.0;
        foreach (float logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[label];
    }

    private static double Mean(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (float logit in logits) sum += logit;
        return sum / logits.Length;
    }
}
