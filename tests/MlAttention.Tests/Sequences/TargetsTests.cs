using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class TargetsTests
{
    [Fact]
    public void Select_SeveralLabels_TakesEachRowsOwn()
    {
        var targets = Targets.SeveralEach([0, 2, 1], [0, 2, 2, 3]).Select([2, 0, 1]);

        Assert.Equal(3, targets.Count);
        Assert.Equal([1], targets.Of(0).ToArray());
        Assert.Equal([0, 2], targets.Of(1).ToArray());
        Assert.Empty(targets.Of(2).ToArray());
    }

    [Fact]
    public void Builder_SeveralLabels_SortsThemAndTakesEachOnce()
    {
        var builder = new TokenDatasetBuilder(5, 4, 9, TruncationSide.KeepStart, task: TaskKind.MultiLabel);
        builder.Add([1], [3, 0, 3]);
        builder.Add([1], []);

        var targets = builder.Build().Targets;
        Assert.Equal([0, 3], targets.Of(0).ToArray());
        Assert.Empty(targets.Of(1).ToArray());
        Assert.Equal(2, targets.Count);
    }

    /// <summary>Labels stay with their tokens: behind CLS, cut at the side where tokens are cut, with the last one where boundaries stay.</summary>
    [Theory]
    [InlineData(TruncationSide.KeepStart, false, true, new[] { 0, 1, 2 })]
    [InlineData(TruncationSide.KeepStart, false, false, new[] { 0, 1, 2 })]
    [InlineData(TruncationSide.KeepEnd, false, true, new[] { 1, 2, 3 })]
    [InlineData(TruncationSide.KeepEnd, false, false, new[] { 1, 2, 3 })]
    [InlineData(TruncationSide.KeepStart, true, true, new[] { 0, 1, 3 })]
    [InlineData(TruncationSide.KeepStart, true, false, new[] { 0, 1, 3 })]
    [InlineData(TruncationSide.KeepEnd, true, true, new[] { 0, 2, 3 })]
    [InlineData(TruncationSide.KeepEnd, true, false, new[] { 0, 2, 3 })]
    public void InBatch_LabelsOfTokens_StandWhereTheirTokensStand(TruncationSide side, bool boundaries, bool cutsEarly, int[] expected)
    {
        var model = new SequenceModelOptions { MaxLength = 3, Truncation = side, KeepBoundaries = boundaries, Task = TaskKind.TokenLabels };
        var builder = new TokenDatasetBuilder(5, 4, cutsEarly ? 3 : 9, side, boundaries, TaskKind.TokenLabels);
        builder.Add([1, 2, 3, 4], [0, 1, 2, 3]);
        builder.Add([5], [Targets.Ignored]);

        var dataset = builder.Build();
        var batch = new BatchBuilder(dataset, model, []).Build([1, 0]);

        Assert.Equal([Targets.Ignored, Targets.Ignored, Targets.Ignored, .. expected], batch.Targets.Labels);
        Assert.Equal(expected.Select(label => label + 1), batch.Tokens[3..]);
    }

    /// <summary>Class c is key c + 1. What is cut is no longer followed by anything, and neither unknown tokens nor the end are predicted.</summary>
    [Fact]
    public void AddText_NextToken_LabelsEachTokenWithTheOneAfterIt()
    {
        var builder = new TokenDatasetBuilder(5, 5, 4, TruncationSide.KeepStart, task: TaskKind.NextToken);
        builder.AddText([3, 0, 1, 5, 2]);
        builder.AddText([]);
        builder.AddText([4, 4]);

        var dataset = builder.Build();
        Assert.Equal([Targets.Ignored, 0, 4, Targets.Ignored], dataset.Targets.Of(0).ToArray());
        Assert.Empty(dataset.Targets.Of(1).ToArray());
        Assert.Equal([3, Targets.Ignored], dataset.Targets.Of(2).ToArray());
        Assert.Equal([1, 2, 4], dataset.Targets.LabelledPlaces());
        var batch = new BatchBuilder(dataset, new() { Task = TaskKind.NextToken, Head = HeadKind.Tied, Mask = MaskKind.Causal }, []).Build([2, 0]);
        Assert.Equal([3, Targets.Ignored, Targets.Ignored, Targets.Ignored, Targets.Ignored, 0, 4, Targets.Ignored], batch.Targets.Labels);
    }

    [Fact]
    public void AddText_MaskedTokens_HasNoLabelsYet()
    {
        var builder = new TokenDatasetBuilder(5, 5, 9, TruncationSide.KeepStart, task: TaskKind.MaskedTokens);
        builder.AddText([3, 1]);
        Assert.Equal([Targets.Ignored, Targets.Ignored], builder.Build().Targets.Labels);
        Assert.Throws<InvalidOperationException>(() => new TokenDatasetBuilder(5, 5, 9, TruncationSide.KeepStart, task: TaskKind.TokenLabels).AddText([1]));
    }

    [Fact]
    public void Builder_LabelsOfTokens_NeedsOneForEach()
    {
        var builder = new TokenDatasetBuilder(5, 4, 9, TruncationSide.KeepStart, task: TaskKind.TokenLabels);
        Assert.Contains("3 tokens and 2 labels", Assert.Throws<ArgumentException>(() => builder.Add([1, 2, 3], [0, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add([1], [4]));
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void Builder_NoFiniteNumber_IsRefused(float number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenDatasetBuilder(5, 1, 9, TruncationSide.KeepStart, task: TaskKind.Regression).AddNumber([1], number));

    [Fact]
    public void RarestLabels_SeveralLabels_TellsARowsRarest()
    {
        var targets = Targets.SeveralEach([0, 0, 1, 0, 2], [0, 1, 3, 3, 5]);

        Assert.Equal([3, 1, 1], targets.CountRows(3));
        Assert.Equal([0, 1, Targets.Ignored, 2], targets.RarestLabels(3));
    }

    [Fact]
    public void CountRows_LabelsOfTokens_CountsEachRowOnce() =>
        Assert.Equal([1, 2], Targets.OfTokens([1, 1, Targets.Ignored, 0, 1], [0, 3, 5]).CountRows(2));

    [Fact]
    public void Equal_OtherOffsets_TellsThemApart()
    {
        Assert.True(Targets.SeveralEach([0, 1], [0, 1, 2]).Equal(Targets.SeveralEach([0, 1], [0, 1, 2])));
        Assert.False(Targets.SeveralEach([0, 1], [0, 1, 2]).Equal(Targets.SeveralEach([0, 1], [0, 2, 2])));
        Assert.False(Targets.OfNumbers([1]).Equal(Targets.OfNumbers([2])));
    }
}
