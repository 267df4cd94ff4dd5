using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>A loss with its reduction.</summary>
    public abstract class Loss<T1, T2, TResult> : nn.Module<T1, T2, TResult>
    {
        public Loss(nn.Reduction reduction = nn.Reduction.Mean)
            : base(nameof(Loss<T1, T2, TResult>)) => this.reduction = reduction;

        public nn.Reduction reduction { get; }
    }

    /// <summary>A loss that weighs the classes.</summary>
    public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
    {
        public WeightedLoss(Tensor weight = null, nn.Reduction reduction = nn.Reduction.Mean)
            : base(reduction) => this.weight = weight;

#nullable enable annotations
        public Tensor? weight { get; }
#nullable disable annotations
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.CrossEntropyLoss CrossEntropyLoss(Tensor weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The negative logarithm of the softmax at the target class.</summary>
    public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
    {
        public CrossEntropyLoss(Tensor weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0)
            : base(weight, reduction)
        {
            this.ignore_index = ignore_index;
            this.label_smoothing = label_smoothing;
        }

        public long? ignore_index { get; }

        public double label_smoothing { get; }

        public override Tensor forward(Tensor input, Tensor target) =>
            nn.functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
    }
}
