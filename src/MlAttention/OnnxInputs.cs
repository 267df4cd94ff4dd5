namespace MlAttention;

/// <summary>A text's tokens as the inputs of an ONNX model that <c>SaveOnnx</c> wrote.</summary>
internal static class OnnxInputs
{
    /// <summary>The columns' names, which ApplyOnnxModel wants to be those of the model's inputs.</summary>
    public const string Ids = "input_ids", Mask = "attention_mask";

    /// <summary>Gives the keys of a row.</summary>
    public delegate ReadOnlySpan<uint> ReadKeys();

    private const string MaxTokens = "maxTokens", Truncation = "truncation", KeepBoundaries = "keepBoundaries", Separator = "separator";

    /// <summary>Variable vectors: ApplyOnnxModel gives the graph a batch of one row with as many tokens as it has.</summary>
    public static DataViewSchema.DetachedColumn[] Columns() =>
        [new(Ids, new VectorDataViewType(NumberDataViewType.Int64)), new(Mask, new VectorDataViewType(NumberDataViewType.Int64))];

    /// <summary>A getter of one of the columns.</summary>
    /// <param name="column">Which of them.</param>
    /// <param name="vocabularySize">The vocabulary's size, which is the id of a token without a key.</param>
    /// <param name="read">The row's keys.</param>
    /// <remarks>A graph needs a token to run on, so a row without any has one that its mask leaves out.</remarks>
    public static ValueGetter<VBuffer<long>> Getter(int column, int vocabularySize, ReadKeys read) => (ref VBuffer<long> destination) =>
    {
        var keys = read();
        var editor = VBufferEditor.Create(ref destination, Math.Max(1, keys.Length));
        editor.Values[0] = 0;
        for (int i = 0; i < keys.Length; i++) editor.Values[i] = column == 1 ? 1 : keys[i] == 0 ? vocabularySize : keys[i] - 1;
        destination = editor.Commit();
    };

    /// <summary>Keeps how a model cuts sequences.</summary>
    public static void Write(ComponentState state, SequenceCut cut)
    {
        state.Add(MaxTokens, cut.MaxTokens);
        state.Add(Truncation, cut.Side.ToString());
        state.Add(KeepBoundaries, cut.KeepBoundaries ? 1 : 0);
        if (cut.SeparatorKey is { } separator) state.Add(Separator, separator);
    }

    /// <summary>How a model cuts sequences; null where nothing is kept of it.</summary>
    /// <exception cref="InvalidDataException">The state is damaged.</exception>
    public static SequenceCut? ReadCut(ComponentState state)
    {
        if (!state.Has(MaxTokens)) return null;
        var cut = new SequenceCut(state.TakeInt32(MaxTokens), state.TakeEnum<TruncationSide>(Truncation), state.TakeInt32(KeepBoundaries) != 0, state.Has(Separator) ? state.TakeInt32(Separator) : null);
        return cut.MaxTokens >= (cut.KeepBoundaries ? SequenceCut.LeastWithBoundaries : 1) ? cut : throw new InvalidDataException($"The model's state cuts texts to {cut.MaxTokens} tokens.");
    }
}
