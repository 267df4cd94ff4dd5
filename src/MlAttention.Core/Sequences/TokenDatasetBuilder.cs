namespace MlAttention.Core.Sequences;

/// <summary>Collects rows for a <see cref="TokenDataset"/>, truncating and counting what is too long.</summary>
/// <param name="vocabularySize">Number of keys V; a key of 0 becomes the unknown token V + 1.</param>
/// <param name="classCount">Number of classes C.</param>
/// <param name="maxTokens">Longest row in tokens.</param>
/// <param name="truncation">Which end of a longer row is kept.</param>
/// <param name="keepBoundaries">Whether a longer row keeps its first and its last token.</param>
/// <param name="task">Which targets rows have.</param>
/// <param name="separatorKey">The key that ends the parts of a row of several; null where rows have one.</param>
internal sealed class TokenDatasetBuilder(
    int vocabularySize, int classCount, int maxTokens, TruncationSide truncation, bool keepBoundaries = false, TaskKind task = TaskKind.SingleLabel, int? separatorKey = null)
{
    private readonly TokenMapper _mapper = new(new SequenceCut(maxTokens, truncation, keepBoundaries, separatorKey), vocabularySize);
    private readonly List<int> _offsets = [0];
    private readonly List<int> _labels = [];
    private readonly List<int> _labelOffsets = [0];
    private readonly List<float> _numbers = [];
    private readonly List<float> _weights = [];
    private readonly List<int> _groups = [];
    private int[] _tokens = new int[1024];
    private bool _weighted;
    private int _truncatedRows;
    private long _truncatedTokens;

    /// <summary>Rows left out because their label is missing.</summary>
    public int SkippedRows { get; set; }

    /// <summary>Adds a row of keys (0 = unknown, 1..V) with its 0-based class, its weight and, where rows have groups, its group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key or the label is outside its range, or the weight is negative or not finite.</exception>
    public void Add(ReadOnlySpan<int> keys, int label, float weight = 1, int? group = null) => Add(keys, [label], weight, group);

    /// <summary>Adds a row with its 0-based labels: one, several in any order, or one for each key, <see cref="Sequences.Targets.Ignored"/> where a key has none.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as keys.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A key or a label is outside its range, or the weight is negative or not finite.</exception>
    public void Add(ReadOnlySpan<int> keys, ReadOnlySpan<int> labels, float weight = 1, int? group = null)
    {
        int least = task.IsPerToken ? Sequences.Targets.Ignored : 0;
        foreach (int label in labels)
            if (label < least || label >= classCount)
                throw new ArgumentOutOfRangeException(nameof(labels), $"Row {Count} has class {label}; classes are 0 to {classCount - 1}.");
        if (task.IsPerToken && labels.Length != keys.Length)
            throw new ArgumentException($"Row {Count} has {keys.Length} tokens and {labels.Length} labels; each token needs one.", nameof(labels));
        AddTokens(keys, weight, group);
        if (task.IsPerToken) AddTokenLabels(labels);
        else _labels.AddRange(labels.ToArray().Distinct().Order());
        _labelOffsets.Add(_labels.Count);
    }

    /// <summary>Adds a text without labels, for a task that predicts its tokens: the next ones become the labels, or none yet where others are to be masked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside its range, or the weight is negative or not finite.</exception>
    public void AddText(ReadOnlySpan<int> keys, float weight = 1, int? group = null)
    {
        if (!task.PredictsTokens) throw new InvalidOperationException($"Rows of {task} need a label each.");
        int start = _offsets[^1];
        AddTokens(keys, weight, group);
        var tokens = _tokens.AsSpan(start.._offsets[^1]);
        _labels.AddRange(task == TaskKind.NextToken ? Sequences.Targets.OfNextTokens(tokens, [0, tokens.Length], vocabularySize).Labels : Enumerable.Repeat(Sequences.Targets.Ignored, tokens.Length));
        _labelOffsets.Add(_labels.Count);
    }

    /// <summary>Adds a row with its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside its range, the number is not finite, or the weight is negative or not finite.</exception>
    public void AddNumber(ReadOnlySpan<int> keys, float number, float weight = 1, int? group = null)
    {
        if (!float.IsFinite(number)) throw new ArgumentOutOfRangeException(nameof(number), $"Row {Count} has the number {number}; a finite one is needed.");
        AddTokens(keys, weight, group);
        _numbers.Add(number);
    }

    private int Count => _weights.Count;

    private void AddTokens(ReadOnlySpan<int> keys, float weight, int? group)
    {
        if (!(weight >= 0 && float.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(weight), $"Row {Count} has weight {weight}; a weight is a finite number of 0 or more.");

        int start = _offsets[^1], end = checked(start + _mapper.Length(keys.Length));
        if (_tokens.Length < end) Array.Resize(ref _tokens, checked(Math.Max(_tokens.Length * 2, end)));
        _mapper.FromKeys(keys, _tokens.AsSpan(start));
        int cut = _mapper.Cut(keys.Length);
        if (cut > 0) _truncatedRows++;
        _truncatedTokens += cut;

        _offsets.Add(end);
        _weights.Add(weight);
        if (group is { } number) _groups.Add(number);
        _weighted |= weight != 1;
    }

    private void AddTokenLabels(ReadOnlySpan<int> labels)
    {
        int[] kept = new int[_mapper.Length(labels.Length)];
        _mapper.FromLabels(labels, kept);
        _labels.AddRange(kept);
    }

    private Targets Targets() => task switch
    {
        TaskKind.SingleLabel => _labels.ToArray(),
        TaskKind.MultiLabel => Sequences.Targets.SeveralEach([.. _labels], [.. _labelOffsets]),
        TaskKind.TokenLabels or TaskKind.MaskedTokens or TaskKind.NextToken => Sequences.Targets.OfTokens([.. _labels], [.. _labelOffsets]),
        _ => Sequences.Targets.OfNumbers([.. _numbers]),
    };

    /// <summary>The dataset of all rows added so far.</summary>
    public TokenDataset Build() =>
        new(vocabularySize, classCount, _tokens.AsSpan(0, _offsets[^1]).ToArray(), [.. _offsets], Targets(), _weighted ? [.. _weights] : [])
        {
            TruncatedRows = _truncatedRows,
            TruncatedTokens = _truncatedTokens,
            SkippedRows = SkippedRows,
            Groups = [.. _groups],
        };
}
