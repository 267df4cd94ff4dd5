using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public sealed class PairTokensTests
{
    private static readonly PairTokens _tokens = new(SourceVocabulary: 5, TargetVocabulary: 4);

    [Fact]
    public void Build_Pairs_HaveLabelsWhereTheTargetIsPredicted()
    {
        var dataset = Dataset(9, 9, ([1, 0, 5], [3, 0]), ([], []));

        Assert.Equal([1, 6, 5, 7, 3, 5], dataset.Row(0));               // 6 and 5: unknown; 7: the mark
        Assert.Equal([-1, -1, -1, 2, -1, 3], dataset.Targets.Of(0));    // class 3 is the end
        Assert.Equal([7], dataset.Row(1));
        Assert.Equal([3], dataset.Targets.Of(1));
        Assert.Equal((3, 0, 7, 4), (_tokens.PlaceOfMark(dataset.Row(0)), _tokens.PlaceOfMark(dataset.Row(1)), dataset.VocabularySize, dataset.ClassCount));
        Assert.Equal((6, 3), (_tokens.Start, _tokens.End));
    }

    [Fact]
    public void Build_TooLong_IsCutAndCounted()
    {
        var dataset = Dataset(2, 3, ([1, 2, 3, 4], [1, 2, 3]), ([1], [1, 2]));

        Assert.Equal([1, 2, 7, 1, 2], dataset.Row(0));
        Assert.Equal([-1, -1, 0, 1, 2], dataset.Targets.Of(0));          // what follows the cut target is its own token, not the end
        Assert.Equal([-1, 0, 1, 3], dataset.Targets.Of(1));
        Assert.Equal((1, 3L), (dataset.TruncatedRows, dataset.TruncatedTokens));
    }

    private static TokenDataset Dataset(int longestSource, int longestTarget, params (int[] Source, int[] Target)[] pairs)
    {
        var builder = new PairDatasetBuilder(_tokens, new() { MaxLength = longestSource }, new() { MaxLength = longestTarget });
        foreach (var (source, target) in pairs) builder.Add(source, target);
        return builder.Build();
    }
}
