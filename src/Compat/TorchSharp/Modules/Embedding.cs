using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors: each whole number of the input becomes the row of that number.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long _paddingIndex;
        private readonly double? _maximumNorm;
        private readonly double _normType;
        private readonly bool _scaleByFrequency;
        private readonly bool _sparse;

        internal Embedding(Tensor table, long? paddingIndex, double? maximumNorm, double normType, bool scaleByFrequency, bool sparse)
            : base(nameof(Embedding))
        {
            Own(nameof(weight), table);
            _paddingIndex = paddingIndex ?? -1;
            _maximumNorm = maximumNorm;
            _normType = normType;
            _scaleByFrequency = scaleByFrequency;
            _sparse = sparse;
        }

#nullable enable annotations
        public Parameter? weight
#nullable disable annotations
        {
            get => SharedParameter(nameof(weight));
            set => ConditionallyRegisterParameter(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
        }

        public override Tensor forward(Tensor input)
        {
            Parameter table = OwnParameter(nameof(weight));
            if (_maximumNorm is { } norm)
            {
                using IDisposable mode = no_grad();
                using Tensor rows = input.contiguous();
                Aten.CallInPlace("embedding_renorm_", table, rows, norm, _normType);
            }

            return Aten.Call("embedding", table, input, _paddingIndex, _scaleByFrequency, _sparse);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device device = null, ScalarType? dtype = null)
            {
                Tensor table = empty(num_embeddings, embedding_dims, dtype, device).normal_();
                long? padding = padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
                if (padding is { } row)
                {
                    using Tensor vector = table.select(0, row);
                    vector.fill_(0);
                }

                return new Modules.Embedding(table, padding, max_norm, norm_type, scale_grad_by_freq, sparse);
            }
        }
    }
}
