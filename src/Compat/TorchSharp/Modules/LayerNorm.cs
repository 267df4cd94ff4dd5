using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>(x - mean) / sqrt(variance + eps) over the last dimensions, times weight plus bias.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _normalizedShape;
        private readonly double _epsilon;

        [ComponentName(Name = nameof(weight))]
        private Parameter _weight;

        [ComponentName(Name = nameof(bias))]
        private Parameter _bias;

        internal LayerNorm(long[] normalizedShape, double epsilon, bool elementwiseAffine, bool hasBias, Device device, ScalarType? type)
            : base(nameof(LayerNorm))
        {
            _normalizedShape = normalizedShape;
            _epsilon = epsilon;
            if (!elementwiseAffine)
                return;
            weight = new Parameter(ones(normalizedShape, type, device));
            if (hasBias)
                bias = new Parameter(zeros(normalizedShape, type, device));
        }

        public Parameter weight
        {
            get => _weight;
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                Replace(ref _weight, value, nameof(weight));
            }
        }

#nullable enable annotations
        public Parameter? bias
#nullable disable annotations
        {
            get => _bias;
            set => Replace(ref _bias, value, nameof(bias));
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _normalizedShape, _weight, _bias, _epsilon);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _weight?.Dispose();
                _bias?.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Replace(ref Parameter field, Parameter value, string name)
        {
            if (ReferenceEquals(field, value))
                return;
            field?.Dispose();
            field = value;
            value?.DetachFromDisposeScope();
            ConditionallyRegisterParameter(name, value);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(long[] normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(long normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
