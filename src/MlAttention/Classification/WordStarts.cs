namespace MlAttention.Classification;

/// <summary>Reads with which token each word of a row begins.</summary>
internal sealed class WordStarts
{
    private readonly ValueGetter<VBuffer<uint>> _getter;
    private VBuffer<uint> _starts;

    public WordStarts(DataViewRow row, string columnName) => _getter = row.GetGetter<VBuffer<uint>>(row.Schema[columnName]);

    /// <summary>For each word the 0-based place of its first token; -1 for a word without tokens.</summary>
    public int[] Read()
    {
        _getter(ref _starts);
        int[] places = new int[_starts.Length];
        var dense = _starts.DenseValues();
        int word = 0;
        foreach (var start in dense) places[word++] = (int)start - 1;
        return places;
    }
}
