namespace MlAttention.Training;

/// <summary>How gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW.</summary>
    AdamW,
    /// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD; weight decay is added to the gradient.</summary>
    Sgd,
}
