namespace MlAttention;

/// <summary>How gradients change weights: the rule, its rate and its bounds.</summary>
public sealed record OptimizerOptions
{
    /// <summary>The rule.</summary>
    /// <value>Default <see cref="OptimizerKind.AdamW"/>.</value>
    public OptimizerKind Kind { get; init; } = OptimizerKind.AdamW;

    /// <summary>The highest learning rate, reached after warm-up.</summary>
    /// <value>Greater than 0; default 1e-3.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>
    /// The rate of a layer is the rate times LayerDecay for each layer above it, the embeddings lowest (Howard and Ruder 2018): what a
    /// pretrained encoder learned first changes least.
    /// </summary>
    /// <value>Greater than 0, to 1; default 1, one rate for all.</value>
    public double LayerDecay { get; init; } = 1;

    /// <summary>Factor on the rate of the head, which starts from nothing where the encoder under it is pretrained.</summary>
    /// <value>Greater than 0; default 1.</value>
    public double HeadRate { get; init; } = 1;

    /// <summary>The part of all steps in which the rate rises linearly from 0.</summary>
    /// <value>From 0 to 1; default 0.06.</value>
    public double WarmupFraction { get; init; } = 0.06;

    /// <summary>How the rate falls after warm-up.</summary>
    /// <value>Default <see cref="LearningRateSchedule.Cosine"/>.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>AdamW: decay of the mean of gradients.</summary>
    /// <value>From 0 to below 1; default 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW: decay of the mean of squared gradients.</summary>
    /// <value>From 0 to below 1; default 0.999.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>AdamW: added to the root of the mean of squared gradients.</summary>
    /// <value>Greater than 0; default 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>SGD: the part of the last update that is kept.</summary>
    /// <value>From 0 to below 1; default 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>
    /// Pull of the weight matrices towards zero. Biases, norms, embeddings and position parameters are not decayed: a rare
    /// token's vector would shrink in every step and be corrected in few.
    /// </summary>
    /// <value>0 or more; default 0.1.</value>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Gradients with a larger Euclidean norm are scaled down to this norm.</summary>
    /// <value>0 for no clipping, or more; default 1.</value>
    public double MaxGradientNorm { get; init; } = 1;

    internal void Validate(OptionErrors errors)
    {
        Require(Enum.IsDefined(Kind), nameof(Kind), Kind, "is not an optimizer");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "must be greater than 0");
        Require(LayerDecay is > 0 and <= 1, nameof(LayerDecay), LayerDecay, "must be greater than 0, to 1");
        Require(HeadRate > 0 && double.IsFinite(HeadRate), nameof(HeadRate), HeadRate, "must be greater than 0");
        Require(WarmupFraction is >= 0 and <= 1, nameof(WarmupFraction), WarmupFraction, "must be from 0 to 1");
        Require(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, "is not a schedule");
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "must be from 0 to below 1");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "must be from 0 to below 1");
        Require(Epsilon > 0, nameof(Epsilon), Epsilon, "must be greater than 0");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "must be from 0 to below 1");
        Require(WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "must be 0 or more");
        Require(MaxGradientNorm >= 0, nameof(MaxGradientNorm), MaxGradientNorm, "must be 0 or more");

        void Require(bool holds, string name, object value, string rule) => errors.Require(holds, $"Optimizer.{name}", value, rule);
    }
}

/// <summary>How gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW.</summary>
    AdamW,
    /// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD; weight decay is added to the gradient.</summary>
    Sgd,
}
