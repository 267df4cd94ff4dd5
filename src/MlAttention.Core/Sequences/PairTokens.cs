namespace MlAttention.Core.Sequences;

/// <summary>How a source and its target are kept as one row of a data set: the source's tokens, a mark, the target's tokens.</summary>
/// <param name="SourceVocabulary">Number of keys V of the source.</param>
/// <param name="TargetVocabulary">Number of keys V of the target; V itself ends a target.</param>
/// <remarks>
/// Labels stand where a model that has seen the row so far is to give the next token of the target: at the mark the first one, at the last
/// token the end. The source, and places whose next token has no key, have none. So whatever trains labels of tokens trains this: batches,
/// epochs, checkpoints and measures are theirs.
/// </remarks>
internal sealed record PairTokens(int SourceVocabulary, int TargetVocabulary)
{
    /// <summary>The token between source and target, which is in neither.</summary>
    public int Mark => Math.Max(SourceVocabulary, TargetVocabulary) + 2;

    /// <summary>Keys that a data set of such rows has.</summary>
    public int VocabularySize => Mark;

    /// <summary>The token that a decoder reads first.</summary>
    public int Start => TokenIds.Cls(TargetVocabulary);

    /// <summary>The class of the end; class c is token c + 1.</summary>
    public int End => TargetVocabulary - 1;

    /// <summary>A model of such rows, as training labels of tokens sees it.</summary>
    public static SequenceModelOptions Joint(SequenceModelOptions encoder, SequenceModelOptions decoder) => encoder.AsArchitecture() with
    {
        Task = TaskKind.TokenLabels,
        MaxLength = encoder.MaxLength + decoder.MaxLength,
        PositionDetails = encoder.PositionDetails with { LearnedRows = null },
    };

    /// <summary>Where the target begins in a row: the place of the mark.</summary>
    public int PlaceOfMark(ReadOnlySpan<int> row) => row.IndexOf(Mark);
}

/// <summary>Collects pairs for a data set, cutting and counting what is too long.</summary>
/// <param name="tokens">The two vocabularies.</param>
/// <param name="encoder">Tells the longest source, and which end of a longer one is kept.</param>
/// <param name="decoder">Tells the longest target, with the token that stands before it; a longer one is cut at its end.</param>
internal sealed class PairDatasetBuilder(PairTokens tokens, SequenceModelOptions encoder, SequenceModelOptions decoder)
{
    private readonly TokenMapper _source = new(encoder, tokens.SourceVocabulary);
    private readonly List<int> _tokens = [], _labels = [], _offsets = [0];
    private int _cutRows;
    private long _cutTokens;

    /// <summary>Adds a pair of keys (0 = unknown, 1..V).</summary>
    public void Add(ReadOnlySpan<int> source, ReadOnlySpan<int> target)
    {
        _tokens.AddRange(_source.FromKeys(source));
        while (_labels.Count < _tokens.Count) _labels.Add(Targets.Ignored);
        int kept = Math.Min(target.Length, decoder.MaxLength - 1);
        _tokens.Add(tokens.Mark);
        for (int i = 0; i < kept; i++) _tokens.Add(target[i] == 0 ? TokenIds.Unknown(tokens.TargetVocabulary) : target[i]);
        for (int i = 0; i <= kept; i++) _labels.Add(i == target.Length ? tokens.End : target[i] == 0 ? Targets.Ignored : target[i] - 1);
        _offsets.Add(_tokens.Count);

        int cut = _source.Cut(source.Length) + target.Length - kept;
        if (cut > 0) _cutRows++;
        _cutTokens += cut;
    }

    /// <summary>The data set of all pairs added so far.</summary>
    public TokenDataset Build() => new(tokens.VocabularySize, tokens.TargetVocabulary, [.. _tokens], [.. _offsets], Targets.OfTokens([.. _labels], [.. _offsets]), [])
    {
        TruncatedRows = _cutRows,
        TruncatedTokens = _cutTokens,
    };
}
