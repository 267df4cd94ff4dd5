using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlAttention.Ablation.Runs;

/// <summary>The tokenised texts of an ablation.</summary>
internal sealed record AblationData
{
    /// <summary>Texts for training and early stopping, with their groups where the plan names a group column.</summary>
    public required TokenDataset Training { get; init; }

    /// <summary>Texts for testing, likewise.</summary>
    public required TokenDataset Test { get; init; }

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The token of each key: that of key k is Vocabulary[k - 1].</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }

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
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
