using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class BatchBuilderTests
{
    private static readonly TokenDataset Dataset = Rows([1, 0, 5], [2, 3, 4, 1, 2], []);

    [Fact]
    public void Build_RowsOfThreeLengths_PadsOnTheRight()
    {
        var batch = new BatchBuilder(Dataset, new SequenceModelOptions(), []).Build([0, 1, 2]);

        Assert.Equal([1, 6, 5, 0, 0, 2, 3, 4, 1, 2, 0, 0, 0, 0, 0], batch.Tokens);
        Assert.Equal([3, 5, 0], batch.Lengths);
        Assert.Equal(5, batch.Length);
        Assert.Equal([0, 1, 0], batch.Labels);
        Assert.Empty(batch.RowWeights);
    }

    [Fact]
    public void Build_OnlyEmptyRows_HasOnePaddingPosition()
    {
        var batch = new BatchBuilder(Dataset, new SequenceModelOptions(), []).Build([2]);

        Assert.Equal([0], batch.Tokens);
        Assert.Equal(1, batch.Length);
        Assert.Equal([0], batch.Lengths);
    }

    [Theory]
    [InlineData(TruncationSide.KeepStart, new[] { 7, 2, 3 })]
    [InlineData(TruncationSide.KeepEnd, new[] { 7, 1, 2 })]
    public void Build_ClsAndTooLong_PutsClsFirstAndCutsTheRest(TruncationSide side, int[] expected)
    {
        var builder = new BatchBuilder(Dataset, new SequenceModelOptions { Pooling = PoolingKind.Cls, MaxLength = 3, Truncation = side }, []);

        Assert.Equal(expected, builder.Build([1]).Tokens);
        Assert.Equal(3, builder.TruncatedTokens(1));
        Assert.Equal([7], builder.Build([2]).Tokens);
    }

    [Theory]
    [InlineData(PoolingKind.Mean, 7)]
    [InlineData(PoolingKind.Cls, 8)]
    public void EmbeddingRows_VocabularyOfFive_CountsTheSpecialTokens(PoolingKind pooling, int expected) =>
        Assert.Equal(expected, TokenIds.EmbeddingRows(5, new SequenceModelOptions { Pooling = pooling }));

    [Fact]
    public void Build_ClassWeights_MultipliesTheRowsWeights()
    {
        var builder = new TokenDatasetBuilder(5, 2, 9, TruncationSide.KeepStart);
        builder.Add([1], 0, 3);
        builder.Add([1], 1, 5);

        var batch = new BatchBuilder(builder.Build(), new SequenceModelOptions(), [7, 0.5f]).Build([0, 1]);

        Assert.Equal([21, 2.5f], batch.RowWeights);
    }

    private static TokenDataset Rows(params int[][] rows)
    {
        var builder = new TokenDatasetBuilder(5, 2, 100, TruncationSide.KeepStart);
        for (var row = 0; row < rows.Length; row++) builder.Add(rows[row], row % 2);
        return builder.Build();
    }
}
