using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Gated recurrent units: the outputs of the last layer, and the last hidden state of every layer.</summary>
    public sealed class GRU : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly RecurrentWeights _weights;
        private readonly long _hidden;
        private readonly long _layers;
        private readonly bool _bias;
        private readonly bool _batchFirst;
        private readonly double _dropout;
        private readonly bool _bidirectional;

        internal GRU(long inputs, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool bidirectional, ScalarType? type)
            : base(nameof(GRU))
        {
            _weights = new RecurrentWeights(this, 3, inputs, hidden, layers, bias, bidirectional, type);
            (_hidden, _layers, _bias, _batchFirst, _dropout, _bidirectional) = (hidden, layers, bias, batchFirst, dropout, bidirectional);
        }

        public override (Tensor, Tensor) forward(Tensor input, Tensor h0 = null)
        {
            h0 ??= Start(input, input.size(_batchFirst ? 0 : 1));
            return Aten.CallPair("gru.input", input, h0, _weights.Tensors, _bias, _layers, _dropout, training, _bidirectional, _batchFirst);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor h0 = null) => base.call(input, h0);

        public (nn.utils.rnn.PackedSequence, Tensor) call(nn.utils.rnn.PackedSequence input, Tensor h0 = null)
        {
            h0 ??= Start(input.data, input.batch_sizes.data<long>()[0]);
            (Tensor output, Tensor last) = Aten.CallPair(
                "gru.data", input.data, input.batch_sizes, h0, _weights.Tensors, _bias, _layers, _dropout, training, _bidirectional);
            return (input.With(output), last);
        }

        private Tensor Start(Tensor input, long batch) =>
            zeros([_layers * (_bidirectional ? 2 : 1), batch, _hidden], input.dtype, input.device);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, dtype);
        }
    }
}
