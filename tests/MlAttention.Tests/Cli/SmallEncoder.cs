using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Cli;

/// <summary>A BERT of 15 numbers a token and 9 tokens a text, which is quick to train and to embed with.</summary>
internal static class SmallEncoder
{
    public const int Width = 15, LongestText = 7; // without CLS and SEP

    public static string Folder { get; } = Path.Combine(RepositoryFiles.Root, "tests", "MlAttention.Tests", "Golden", "pretrained", "bert");

    /// <summary>Rows of two labels, of its words.</summary>
    public static string Rows(int count) => "Text,Label\n" + string.Concat(Enumerable.Range(0, count).Select(row =>
        $"the {(row % 4 < 2 ? "film" : "cat")} was {(row % 2 == 0 ? "very good" : "not bad")},{(row % 2 == 0 ? "plus" : "minus")}\n"));
}
