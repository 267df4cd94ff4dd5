using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class TokenDatasetTests
{
    [Fact]
    public void Build_RowsWithMissingKeys_StoresTheUnknownToken()
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 5, classCount: 3, maxTokens: 7, TruncationSide.KeepStart);
        builder.Add([1, 0, 5], label: 2);
        builder.Add([], label: 0);
        builder.Add([4], label: 2);

        var dataset = builder.Build();

        Assert.Equal([1, 6, 5, 4], dataset.Tokens);
        Assert.Equal([0, 3, 3, 4], dataset.Offsets);
        Assert.Equal([2, 0, 2], dataset.Labels);
        Assert.Equal([1, 0, 2], dataset.CountClasses());
        Assert.Empty(dataset.RowWeights);
        Assert.Equal(0, dataset.TruncatedRows);
    }

    [Theory]
    [InlineData(TruncationSide.KeepStart, new[] { 1, 2, 3 })]
    [InlineData(TruncationSide.KeepEnd, new[] { 3, 4, 5 })]
    public void Build_RowTooLong_KeepsTheChosenSideAndCounts(TruncationSide side, int[] expected)
    {
        var builder = new TokenDatasetBuilder(5, 2, maxTokens: 3, side);
        builder.Add([1, 2, 3, 4, 5], 1);
        builder.Add([1, 2, 3], 0);

        var dataset = builder.Build();

        Assert.Equal(expected, dataset.Row(0).ToArray());
        Assert.Equal(1, dataset.TruncatedRows);
        Assert.Equal(2, dataset.TruncatedTokens);
    }

    [Fact]
    public void Select_ReorderedRows_KeepsTokensLabelsAndWeights()
    {
        var builder = new TokenDatasetBuilder(5, 3, 7, TruncationSide.KeepStart);
        builder.Add([1, 2], 0, 0.5f);
        builder.Add([3], 1);
        builder.Add([4, 5, 1], 2, 2f);

        var selected = builder.Build().Select([2, 0]);

        Assert.Equal([4, 5, 1, 1, 2], selected.Tokens);
        Assert.Equal([2, 0], selected.Labels);
        Assert.Equal([2f, 0.5f], selected.RowWeights);
    }

    [Fact]
    public void Add_ManyRows_GrowsWithoutLosingTokens()
    {
        var builder = new TokenDatasetBuilder(1000, 1, 100, TruncationSide.KeepStart);
        for (var row = 0; row < 997; row++) builder.Add([row % 1000 + 1, row % 7 + 1, 3], 0);

        var dataset = builder.Build();

        Assert.Equal(997 * 3, dataset.Tokens.Length);
        for (var row = 0; row < 997; row++) Assert.Equal([row % 1000 + 1, row % 7 + 1, 3], dataset.Row(row).ToArray());
    }

    [Fact]
    public void Add_KeyLabelOrWeightOutOfRange_ThrowsWithTheValue()
    {
        var builder = new TokenDatasetBuilder(5, 3, 7, TruncationSide.KeepStart);

        Assert.Contains("key 6", Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add([6], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("class 3", Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add([1], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("weight NaN", Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add([1], 0, float.NaN)).Message, StringComparison.Ordinal);
        Assert.Equal(0, builder.Build().Count);
    }
}
