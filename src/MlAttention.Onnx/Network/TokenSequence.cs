namespace MlAttention.Onnx.Network;

/// <summary>
/// The sequence that the layers see, as the graph's inputs tell it: which of its tokens are real, where they stand, and how far from each
/// other. All of it follows from the inputs' shapes, so that batch and length are free.
/// </summary>
/// <remarks>With CLS pooling the graph itself puts the trained CLS before the text, so that ids are those of the text alone.</remarks>
internal sealed class TokenSequence
{
    /// <summary>The names of the graph's inputs.</summary>
    public const string IdsName = "input_ids", MaskName = "attention_mask";

    private readonly SequenceModelOptions _model;
    private Value? _distances;

    public TokenSequence(ModelParts parts)
    {
        _model = parts.Model;
        var graph = parts.Graph;
        Ids = graph.Input(IdsName, TensorProto.Types.DataType.Int64, "batch", "tokens");
        var mask = graph.Input(MaskName, TensorProto.Types.DataType.Int64, "batch", "tokens");
        using var scope = graph.In("sequence");
        Mask = AfterCls(() => graph.Constant(1L).Unsqueeze(0, 1), mask, 2).ToBool();
        Positions = graph.Node("Range", [graph.Constant(0L), Mask.Size(1), graph.Constant(1L)]);
    }

    /// <summary>The text's ids [B,tokens]: the place of a token in the vocabulary; one more than the last for a token that is not there.</summary>
    public Value Ids { get; }

    /// <summary>Whether a token is real, [B,L]; L is the text's tokens and CLS.</summary>
    public Value Mask { get; }

    /// <summary>0 to L - 1.</summary>
    public Value Positions { get; }

    /// <summary>Position of the key minus position of the query, [L,L].</summary>
    public Value Distances => _distances ??= Positions.Unsqueeze(0) - Positions.Unsqueeze(1);

    /// <summary>Puts what belongs to CLS before what belongs to the text's tokens, where the model has a CLS.</summary>
    /// <param name="cls">Makes it for one sequence, [1,1] or [1,1,D].</param>
    /// <param name="tokens">[B,tokens] or [B,tokens,D].</param>
    /// <param name="dimensions">How many these are.</param>
    /// <returns>[B,L] or [B,L,D].</returns>
    public Value AfterCls(Func<Value> cls, Value tokens, int dimensions)
    {
        if (_model.SpecialTokens == 0) return tokens;
        var graph = tokens.Graph;
        var shape = tokens.Size(0).Unsqueeze(0).Concat(graph.List([.. Enumerable.Repeat(1L, dimensions - 1)]), 0);     // B, 1, ..
        return cls().Expand(shape).Concat(tokens, 1);
    }
}
