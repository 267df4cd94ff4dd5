using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>exp(x) over its sum along a dimension.</summary>
    public sealed class Softmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dimension;

        internal Softmax(long dimension)
            : base(nameof(Softmax))
        {
            _dimension = dimension;
        }

        public override string GetName() => nameof(Softmax);

        public override Tensor forward(Tensor tensor) => tensor.softmax(_dimension);

        // There is nothing to move.
        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;

        protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Softmax Softmax(long dim) => new(dim);
        }
    }
}
