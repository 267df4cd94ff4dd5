using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Long short-term memory: the outputs of the last layer, and the last hidden and cell states of every layer.</summary>
    public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentWeights _weights;
        private readonly long _hidden;
        private readonly long _layers;
        private readonly bool _bias;
        private readonly bool _batchFirst;
        private readonly double _dropout;
        private readonly bool _bidirectional;

        internal LSTM(long inputs, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool bidirectional, ScalarType? type)
            : base(nameof(LSTM))
        {
            _weights = new RecurrentWeights(this, 4, inputs, hidden, layers, bias, bidirectional, type);
            (_hidden, _layers, _bias, _batchFirst, _dropout, _bidirectional) = (hidden, layers, bias, batchFirst, dropout, bidirectional);
        }

        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            (Tensor hidden, Tensor cell) = h0_c0 ?? Start(input, input.size(_batchFirst ? 0 : 1));
            return Aten.CallTriple("lstm.input", input, new[] { hidden, cell }, _weights.Tensors, _bias, _layers, _dropout, training, _bidirectional, _batchFirst);
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        public (nn.utils.rnn.PackedSequence, Tensor, Tensor) call(nn.utils.rnn.PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
        {
            (Tensor hidden, Tensor cell) = h0_c0 ?? Start(input.data, input.batch_sizes.data<long>()[0]);
            (Tensor output, Tensor lastHidden, Tensor lastCell) = Aten.CallTriple(
                "lstm.data", input.data, input.batch_sizes, new[] { hidden, cell }, _weights.Tensors, _bias, _layers, _dropout, training, _bidirectional);
            return (input.With(output), lastHidden, lastCell);
        }

        private (Tensor Hidden, Tensor Cell) Start(Tensor input, long batch)
        {
            long[] shape = [_layers * (_bidirectional ? 2 : 1), batch, _hidden];
            return (zeros(shape, input.dtype, input.device), zeros(shape, input.dtype, input.device));
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, dtype);
        }
    }
}
