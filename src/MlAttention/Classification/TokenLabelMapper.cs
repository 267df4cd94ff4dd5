namespace MlAttention.Classification;

/// <summary>The labels of a row's tokens, or of its words: of each the one of its first token.</summary>
internal sealed class TokenLabelMapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) : ModelMapper(model, settings.Tokens, batchSize)
{
    private const int PredictedLabelOutput = 0;
    private readonly int[]?[] _words = new int[batchSize][];
    private WordStarts? _starts;

    public override void Bind(DataViewRow input)
    {
        base.Bind(input);
        if (settings.WordStarts is { } column) _starts = new WordStarts(input, column);
    }

    public override void Read(int slot)
    {
        base.Read(slot);
        _words[slot] = _starts?.Read();
    }

    public override Delegate MakeGetter(int output, BatchSlot slot) => output == PredictedLabelOutput
        ? (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) => destination.Set<uint>(Labels(slot.Fetchable())))
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => destination.Set<float>(Probabilities(slot.Fetchable())));

    private uint[] Labels(int row)
    {
        var (keys, places) = (new uint[Count(row)], PlacesOf(row));
        for (var i = 0; i < keys.Length; i++)
            if (Place(row, i, places) is var place and >= 0) keys[i] = (uint)Softmax.IndexOfLargest(At(row, place)) + 1;
        return keys;
    }

    private float[] Probabilities(int row)
    {
        var (probabilities, places) = (new float[Count(row) * Model.ClassCount], PlacesOf(row));
        for (var i = 0; i < Count(row); i++)
            if (Place(row, i, places) is var place and >= 0) At(row, place).CopyTo(probabilities.AsSpan(i * Model.ClassCount));
        return probabilities;
    }

    /// <summary>The row's words, or tokens.</summary>
    private int Count(int row) => _words[row]?.Length ?? TextTokens(row);

    /// <summary>Where the model sees a word or token; -1 where it does not.</summary>
    private int Place(int row, int index, int[] places)
    {
        int token = _words[row] is { } words ? words[index] : index;
        return token < 0 || token >= places.Length ? -1 : places[token];
    }

    private Span<float> At(int row, int place) => Row(row).Slice(place * Model.ClassCount, Model.ClassCount);
}
