using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x W^T + b, with W of shape [outputs, inputs].</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputs, long outputs, bool hasBias, ScalarType? type)
            : base(nameof(Linear))
        {
            Own(nameof(weight), empty(outputs, inputs, type));
            if (hasBias)
                Own(nameof(bias), empty(outputs, type));
            nn.init.FillAsTorchDoes(OwnParameter(nameof(weight)), OwnParameter(nameof(bias)));
        }

#nullable enable annotations
        public Parameter? weight
#nullable disable annotations
        {
            get => SharedParameter(nameof(weight));
            set => ConditionallyRegisterParameter(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
        }

#nullable enable annotations
        public Parameter? bias
#nullable disable annotations
        {
            get => SharedParameter(nameof(bias));
            set => ConditionallyRegisterParameter(nameof(bias), value ?? throw new ArgumentNullException(nameof(value)));
        }

        public override Tensor forward(Tensor tensor) =>
            nn.functional.linear(tensor, OwnParameter(nameof(weight)), OwnParameter(nameof(bias)));
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, dtype);
        }
    }
}
