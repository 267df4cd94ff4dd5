namespace MlAttention.Core.Sequences;

/// <summary>
/// What rows are to become: one label each, none to several each, one for each of their tokens, or a number each. Immutable and compact:
/// all labels lie in one array, which offsets cut into rows where rows have other than one.
/// </summary>
internal sealed class Targets
{
    /// <summary>The label of a token that has none: the loss and the metrics leave it out.</summary>
    public const int Ignored = -1;

    /// <summary>No targets: rows that are only scored.</summary>
    public static readonly Targets None = new([], null, [], arePerToken: false);

    private readonly int[]? _offsets;

    private Targets(int[] labels, int[]? offsets, float[] numbers, bool arePerToken) =>
        (Labels, _offsets, Numbers, ArePerToken) = (labels, offsets, numbers, arePerToken);

    /// <summary>All 0-based labels, those of a row one after another; one a row where rows have one each.</summary>
    public int[] Labels { get; }

    /// <summary>The number of each row; empty where rows have labels.</summary>
    public float[] Numbers { get; }

    /// <summary>Whether the labels are those of tokens.</summary>
    public bool ArePerToken { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _offsets is { } offsets ? offsets.Length - 1 : Math.Max(Labels.Length, Numbers.Length);

    /// <summary>One label for each row.</summary>
    public static implicit operator Targets(int[] labels) => new(labels, null, [], arePerToken: false);

    /// <summary>None to several labels for each row.</summary>
    /// <param name="labels">The labels of all rows; those of a row in ascending order.</param>
    /// <param name="offsets">Where each row's labels begin, and at last where those of the last one end.</param>
    public static Targets SeveralEach(int[] labels, int[] offsets) => new(labels, offsets, [], arePerToken: false);

    /// <summary>One label for each token.</summary>
    /// <param name="labels">The labels of all rows' tokens; <see cref="Ignored"/> for tokens without one.</param>
    /// <param name="offsets">Where each row's labels begin, and at last where those of the last one end.</param>
    public static Targets OfTokens(int[] labels, int[] offsets) => new(labels, offsets, [], arePerToken: true);

    /// <summary>For each token the one that follows it: class c is the vocabulary's key c + 1. The last token of a row, and one before an unknown one, has no label.</summary>
    /// <param name="tokens">The tokens of all rows.</param>
    /// <param name="offsets">Where each row begins, and at last where the last one ends.</param>
    /// <param name="vocabularySize">Number of keys V.</param>
    public static Targets OfNextTokens(ReadOnlySpan<int> tokens, int[] offsets, int vocabularySize)
    {
        int[] labels = new int[offsets[^1]];
        labels.AsSpan().Fill(Ignored);
        for (int row = 0; row + 1 < offsets.Length; row++)
            for (int place = offsets[row]; place + 1 < offsets[row + 1]; place++)
                if (tokens[place + 1] <= vocabularySize) labels[place] = tokens[place + 1] - 1;
        return OfTokens(labels, offsets);
    }

    /// <summary>One number for each row.</summary>
    public static Targets OfNumbers(float[] numbers) => new([], null, numbers, arePerToken: false);

    /// <summary>The labels of a row.</summary>
    public ReadOnlySpan<int> Of(int row) => _offsets is { } offsets ? Labels.AsSpan(offsets[row]..offsets[row + 1]) : Labels.Length == 0 ? [] : Labels.AsSpan(row, 1);

    /// <summary>The places among all labels that have one.</summary>
    public int[] LabelledPlaces()
    {
        int[] places = new int[Labels.Length - Labels.AsSpan().Count(Ignored)];
        for (int place = 0, next = 0; place < Labels.Length; place++)
            if (Labels[place] != Ignored) places[next++] = place;
        return places;
    }

    /// <summary>Those of the given rows, in their order.</summary>
    public Targets Select(ReadOnlySpan<int> rows)
    {
        if (_offsets is null) return new(Picked(Labels, rows), null, Picked(Numbers, rows), arePerToken: false);
        int[] offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++) offsets[i + 1] = offsets[i] + Of(rows[i]).Length;
        int[] labels = new int[offsets[^1]];
        for (int i = 0; i < rows.Length; i++) Of(rows[i]).CopyTo(labels.AsSpan(offsets[i]));
        return new(labels, offsets, [], ArePerToken);
    }

    /// <summary>Those of the given rows in a batch: labels of tokens stand where their tokens stand, [B,L].</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="mapper">What makes the sequences of the rows' tokens.</param>
    /// <param name="length">Padded length L.</param>
    public Targets InBatch(ReadOnlySpan<int> rows, TokenMapper mapper, int length)
    {
        if (!ArePerToken) return Select(rows);
        int[] labels = new int[rows.Length * length], offsets = new int[rows.Length + 1];
        labels.AsSpan().Fill(Ignored);
        for (int i = 0; i < rows.Length; i++)
        {
            mapper.FromLabels(Of(rows[i]), labels.AsSpan(i * length, length));
            offsets[i + 1] = offsets[i] + length;
        }
        return new(labels, offsets, [], arePerToken: true);
    }

    /// <summary>The number of rows that have each label.</summary>
    public int[] CountRows(int classes)
    {
        int[] counts = new int[classes], last = new int[classes];
        for (int row = 0; row < Count; row++)
        {
            foreach (int label in Of(row))
            {
                if (label == Ignored || last[label] == row + 1) continue;
                counts[label]++;
                last[label] = row + 1;
            }
        }
        return counts;
    }

    /// <summary>For each row its label, or the rarest one of several; <see cref="Ignored"/> without any.</summary>
    public int[] RarestLabels(int classes)
    {
        if (_offsets is null && Labels.Length > 0) return Labels;
        int[] counts = CountRows(classes), rarest = new int[Count];
        for (int row = 0; row < rarest.Length; row++)
        {
            rarest[row] = Ignored;
            foreach (int label in Of(row))
                if (label != Ignored && (rarest[row] == Ignored || counts[label] < counts[rarest[row]])) rarest[row] = label;
        }
        return rarest;
    }

    /// <summary>Whether both stand for the same.</summary>
    public bool Equal(Targets other) => ArePerToken == other.ArePerToken && Labels.AsSpan().SequenceEqual(other.Labels) && Numbers.AsSpan().SequenceEqual(other.Numbers)
        && _offsets.AsSpan().SequenceEqual(other._offsets);

    /// <summary>All that tells them from others, as bytes.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Bytes() =>
        [MemoryMarshal.AsBytes(Labels.AsSpan()).ToArray(), MemoryMarshal.AsBytes(_offsets.AsSpan()).ToArray(), MemoryMarshal.AsBytes(Numbers.AsSpan()).ToArray()];

    private static T[] Picked<T>(T[] values, ReadOnlySpan<int> rows)
    {
        if (values.Length == 0) return [];
        var picked = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++) picked[i] = values[rows[i]];
        return picked;
    }
}
