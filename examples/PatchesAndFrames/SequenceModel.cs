using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Examples.PatchesAndFrames;

/// <summary>A classifier of anything that can be embedded as a sequence: embedding, positions, transformer, largest value, linear head.</summary>
public sealed class SequenceModel : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _embedding;
    private readonly PositionEncoding _positions;
    private readonly SequenceEncoder _encoder;
    private readonly SequencePooling _pooling;
    private readonly Linear _head;

    public SequenceModel(nn.Module<Tensor, Tensor> embedding, SequenceModelOptions options, int classes) : base(nameof(SequenceModel))
    {
        _embedding = embedding;
        _positions = PositionEncoding.Create(options);
        _encoder = SequenceEncoder.Create(options, () => _positions);
        _pooling = SequencePooling.Create(PoolingKind.Max, options.ModelWidth);
        _head = nn.Linear(options.ModelWidth, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = _positions.AddToEmbeddings(_embedding.call(input));                 // [B,L,D]
        var mask = ones(tokens.shape[0], tokens.shape[1], ScalarType.Bool);              // nothing is padded here
        return _head.call(_pooling.call(_encoder.call(tokens, mask), mask)).MoveToOuterDisposeScope();
    }
}
