using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A convolution along two dimensions: [B,C,H,W] to [B,outputs,H',W'].</summary>
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long inputs, long outputs, ConvolutionShape shape, bool hasBias, ScalarType? type)
            : base(nameof(Conv2d), inputs, outputs, shape, hasBias, type)
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
            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernelSize, kernelSize), (stride, stride), (padding, padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernelSize, kernelSize), padding, (stride, stride), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new(Both(kernelSize), Both(stride ?? (1, 1)), Both(padding ?? (0, 0)), Both(dilation ?? (1, 1)), padding_mode, groups), bias, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, Padding padding, (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, new(Both(kernelSize), Both(stride ?? (1, 1)), padding == Padding.Same ? null : [0, 0], Both(dilation ?? (1, 1)), padding_mode, groups), bias, dtype);

            private static long[] Both((long First, long Second) pair) => [pair.First, pair.Second];
        }
    }
}
