using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlAttention.Core.Text;

namespace MlAttention.Ablation.Runs;

/// <summary>The tokenised texts of an ablation.</summary>
/// <param name="Training">Texts for training and early stopping, with their groups where the plan names a group column.</param>
/// <param name="Test">Texts for testing, likewise.</param>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Vocabulary">The token of each key: that of key k is Vocabulary[k - 1].</param>
internal sealed record AblationData(TokenDataset Training, TokenDataset Test, IReadOnlyList<string> Classes, IReadOnlyList<string> Vocabulary)
{
    /// <summary>What stands between the parts of a text where they are shown as one.</summary>
    private const string BetweenParts = " | ";

    private readonly IReadOnlyList<string[]> _testParts = [];
    private readonly IReadOnlyList<string> _testTexts = [];

    /// <summary>The test texts as they were read: the parts of each, or the one text.</summary>
    public IReadOnlyList<string[]> TestParts
    {
        get => _testParts;
        init => (_testParts, _testTexts) = (value, [.. value.Select(parts => string.Join(BetweenParts, parts))]);
    }

    /// <summary>The test texts, each as one.</summary>
    public IReadOnlyList<string> TestTexts
    {
        get => _testTexts;
        init => (_testParts, _testTexts) = ([.. value.Select(text => new[] { text })], value);
    }

    /// <summary>How the parts of texts stand together; null where texts are one part.</summary>
    public TextParts? Parts { get; init; }

    /// <summary>The model of a setup, which knows the parts of its texts.</summary>
    public SequenceModelOptions ModelOf(AblationPlan plan, AblationSetup setup) => Parts is { } parts ? parts.ApplyTo(plan.ModelOf(setup)) : plan.ModelOf(setup);

    /// <summary>The texts' words for a pretrained encoder; null for models from scratch.</summary>
    public PretrainedTexts? Words { get; init; }

    /// <summary>The training rows that a seed trains on, and those of them that it sets apart for early stopping.</summary>
    /// <exception cref="ArgumentException">There are too few to set any apart.</exception>
    public (int[] Training, int[] Dev) SplitOffDev(double fraction, int seed)
    {
        var (training, dev) = RowSplit.HoldOut(Training, fraction, seed);
        if (dev.Length == 0) throw new ArgumentException(Invariant($"{Training.Count} training texts are too few to set a share of {fraction} apart for early stopping."));
        return (training, dev);
    }

    /// <summary>The rows of texts by group; each alone where there are no groups.</summary>
    public static IEnumerable<int[]> GroupsOf(TokenDataset texts) =>
        Enumerable.Range(0, texts.Count).GroupBy(row => texts.Groups.Length == 0 ? row : texts.Groups[row]).Select(group => group.ToArray());

    /// <summary>What the report says of the data.</summary>
    public AblationDataSummary Summarize(string name)
    {
        int[] lengths = [.. Enumerable.Range(0, Test.Count).Select(Test.Length).Order()];
        long unknown = Test.Tokens.AsSpan(0, Test.Offsets[^1]).Count(Test.VocabularySize + 1);
        return new(
            name,
            Fingerprint(),
            Training.Count,
            Test.Count,
            Classes,
            Test.CountClasses(),
            Training.VocabularySize,
            UnknownShare: Test.Offsets[^1] == 0 ? 0 : unknown / (double)Test.Offsets[^1],
            TestLengths: [lengths[0], lengths[lengths.Length / 2], lengths[^1]],
            TestGroups: Test.Groups.Length == 0 ? null : Test.Groups.Distinct().Count(),
            SkippedRows: Training.SkippedRows + Test.SkippedRows);
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var texts in new[] { Training, Test })
        {
            hash.AppendData(MemoryMarshal.AsBytes(texts.Tokens.AsSpan(0, texts.Offsets[^1])));
            hash.AppendData(MemoryMarshal.AsBytes(texts.Offsets.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(texts.Labels.AsSpan()));
        }
        if (Words is not null)
            foreach (string[] words in Words.Training.Concat(Words.Test)) hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', words) + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
