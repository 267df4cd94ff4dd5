using MlAttention.Benchmarks.Comparison;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>The reference model as a TorchSharp user writes it: nn.TransformerEncoder.</summary>
/// <remarks>Shapes: tokens [B,L] int64, real [B,L] boolean with True = a real token, null when all are -> logits [B,C].</remarks>
internal sealed class NnPeer : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "embedding")] private readonly Embedding _embedding;
    [ComponentName(Name = "positions")] private readonly Embedding _positions;
    [ComponentName(Name = "encoder")] private readonly TransformerEncoder _encoder;
    [ComponentName(Name = "head")] private readonly Linear _head;
    private readonly Dropout _dropout;
    private readonly double _scale;

    public NnPeer(ReferenceModel model, int maxLength, double dropout) : base(nameof(NnPeer))
    {
        _embedding = nn.Embedding(model.Vocabulary, model.Width, padding_idx: 0);
        _positions = nn.Embedding(maxLength, model.Width);
        _encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(model.Width, model.Heads, model.Hidden, dropout), model.Layers);
        _head = nn.Linear(model.Width, ReferenceModel.Classes);
        _dropout = nn.Dropout(dropout);
        _scale = Math.Sqrt(model.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, Tensor? real)
    {
        var x = _embedding.call(tokens) * _scale + _positions.weight!.narrow(0, 0, tokens.shape[1]);   // [B,L,D]
        x = _dropout.call(x).transpose(0, 1);                                                          // [L,B,D], as the encoder wants it
        x = _encoder.call(x, null!, real?.logical_not()!).transpose(0, 1);                             // [B,L,D]
        return _head.call(MeanPooling.Of(x, real));
    }
}
