using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>How much a convolution pads: nothing, or so that the output is as long as the input.</summary>
    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A convolution over one or two dimensions.</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        protected long input_channels;

        private readonly ConvolutionShape _shape;

        private protected Convolution(string name, long inputs, long outputs, ConvolutionShape shape, bool hasBias, ScalarType? type)
            : base(name)
        {
            input_channels = inputs;
            _shape = shape;
            Own("weight", empty([outputs, inputs / shape.Groups, .. shape.Kernel], type));
            if (hasBias)
                Own("bias", empty(outputs, type));
            nn.init.FillAsTorchDoes(OwnParameter("weight"), OwnParameter("bias"));
        }

        private protected Tensor Convolve(Tensor input)
        {
            int dimensions = _shape.Kernel.Length;
            bool fits = (input.Dimensions == dimensions + 2 && input.size(1) == input_channels)
                || (input.Dimensions == dimensions + 1 && input.size(0) == input_channels);
            if (!fits)
            {
                throw new ArgumentException(
                    $"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input with {input_channels} channels to {GetName()}.");
            }

            string convolution = $"conv{dimensions}d";
            Parameter weight = OwnParameter("weight"), bias = OwnParameter("bias");
            if (_shape.Padding is null)
                return Aten.Call(convolution + ".padding", input, weight, bias, _shape.Stride, "same", _shape.Dilation, _shape.Groups);
            if (_shape.Mode == PaddingModes.Zeros)
                return Aten.Call(convolution, input, weight, bias, _shape.Stride, _shape.Padding, _shape.Dilation, _shape.Groups);

            // The last dimension comes first in the sizes to pad by.
            long[] margins = [.. _shape.Padding.Reverse().SelectMany(size => new[] { size, size })];
            using Tensor padded = nn.functional.pad(input, margins, _shape.Mode);
            return Aten.Call(convolution, padded, weight, bias, _shape.Stride, new long[dimensions], _shape.Dilation, _shape.Groups);
        }
    }

    /// <summary>What a convolution reads around each position; no padding stands for as much as keeps the length.</summary>
    internal sealed record ConvolutionShape(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, PaddingModes Mode, long Groups);
}
