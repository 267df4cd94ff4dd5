using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A convolution along one dimension: [B,C,L] to [B,outputs,L'].</summary>
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long inputs, long outputs, ConvolutionShape shape, bool hasBias, ScalarType? type)
            : base(nameof(Conv1d), inputs, outputs, shape, hasBias, type)
        {
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

        public override Tensor forward(Tensor input) => Convolve(input);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new([kernelSize], [stride], [padding], [dilation], padding_mode, groups), bias, dtype);

            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new([kernelSize], [stride], padding == Padding.Same ? null : [0], [dilation], padding_mode, groups), bias, dtype);
        }
    }
}
