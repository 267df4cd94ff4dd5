using MlAttention.Benchmarks.Comparison;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>The reference model tuned by hand for libtorch: layers of one fused projection and scaled_dot_product_attention.</summary>
/// <remarks>Shapes: tokens [B,L] int64, real [B,L] boolean with True = a real token, null when all are -> logits [B,C].</remarks>
internal sealed class HandPeer : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "embedding")] private readonly Embedding _embedding;
    [ComponentName(Name = "positions")] private readonly Embedding _positions;
    [ComponentName(Name = "encoder")] private readonly HandEncoder _encoder;
    [ComponentName(Name = "head")] private readonly Linear _head;
    private readonly Dropout _dropout;
    private readonly double _scale;

    public HandPeer(ReferenceModel model, int maxLength, double dropout) : base(nameof(HandPeer))
    {
        _embedding = nn.Embedding(model.Vocabulary, model.Width, padding_idx: 0);
        _positions = nn.Embedding(maxLength, model.Width);
        _encoder = new HandEncoder(model, dropout);
        _head = nn.Linear(model.Width, ReferenceModel.Classes);
        _dropout = nn.Dropout(dropout);
        _scale = Math.Sqrt(model.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, Tensor? real)
    {
        var x = _embedding.call(tokens) * _scale + _positions.weight!.narrow(0, 0, tokens.shape[1]);   // [B,L,D]
        x = _encoder.call(_dropout.call(x), real);
        return _head.call(MeanPooling.Of(x, real));
    }
}
