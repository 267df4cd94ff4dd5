namespace MlAttention.Core.Training;

/// <summary>
/// The scale of a regression's numbers. A model is trained on numbers with mean 0 and variance 1, whatever their unit is; what comes out
/// is a model whose head gives the numbers themselves.
/// </summary>
/// <param name="Mean">The mean of the training rows' numbers.</param>
/// <param name="Deviation">Their standard deviation; 1 where all are alike.</param>
/// <remarks>number = deviation logit + mean, so weight' = deviation weight and bias' = deviation bias + mean give numbers for logits.</remarks>
internal sealed record NumberScale(double Mean, double Deviation)
{
    private const string Weight = "head.weight", Bias = "head.bias";

    /// <summary>The scale of a dataset's numbers; null where rows have none.</summary>
    public static NumberScale? Of(TokenDataset training)
    {
        float[] numbers = training.Targets.Numbers;
        if (numbers.Length == 0) return null;
        double mean = numbers.Average(number => (double)number);
        double deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
        return new(mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>The dataset with its numbers in this scale.</summary>
    public TokenDataset Apply(TokenDataset dataset) =>
        dataset.With(Targets.OfNumbers(Array.ConvertAll(dataset.Targets.Numbers, number => (float)((number - Mean) / Deviation))));

    /// <summary>The weights of a trained model, whose head then gives numbers.</summary>
    public IReadOnlyList<WeightTensor> ToNumbers(IReadOnlyList<WeightTensor> weights) =>
        Change(weights, weight => Deviation * weight, bias => Deviation * bias + Mean);

    /// <summary>The inverse: weights to train on, of a model whose head gives numbers.</summary>
    public IReadOnlyList<WeightTensor> FromNumbers(IReadOnlyList<WeightTensor> weights) =>
        Change(weights, weight => weight / Deviation, bias => (bias - Mean) / Deviation);

    private static IReadOnlyList<WeightTensor> Change(IReadOnlyList<WeightTensor> weights, Func<double, double> ofWeight, Func<double, double> ofBias) =>
        [.. weights.Select(tensor => tensor.Name switch
        {
            Weight => tensor with { Values = Array.ConvertAll(tensor.Values, value => (float)ofWeight(value)) },
            Bias => tensor with { Values = Array.ConvertAll(tensor.Values, value => (float)ofBias(value)) },
            _ => tensor,
        })];
}
