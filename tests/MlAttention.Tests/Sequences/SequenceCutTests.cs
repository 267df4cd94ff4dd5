using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

/// <summary>Cutting between the boundaries: 101 stands for the tokenizer's CLS, 102 for its SEP.</summary>
public class SequenceCutTests
{
    private static readonly int[] _sequence = [101, 1, 2, 3, 4, 5, 102];

    [Theory]
    [InlineData(TruncationSide.KeepStart, 4, new[] { 101, 1, 2, 102 })]
    [InlineData(TruncationSide.KeepEnd, 4, new[] { 101, 4, 5, 102 })]
    [InlineData(TruncationSide.KeepStart, 3, new[] { 101, 1, 102 })]
    [InlineData(TruncationSide.KeepEnd, 3, new[] { 101, 5, 102 })]
    [InlineData(TruncationSide.KeepStart, 7, new[] { 101, 1, 2, 3, 4, 5, 102 })]
    [InlineData(TruncationSide.KeepEnd, 9, new[] { 101, 1, 2, 3, 4, 5, 102 })]
    public void FromKeys_KeepBoundaries_CutsBetweenThem(TruncationSide side, int maxLength, int[] expected)
    {
        var mapper = new TokenMapper(new SequenceModelOptions { MaxLength = maxLength, Truncation = side, KeepBoundaries = true }, vocabularySize: 200);

        Assert.Equal(expected, mapper.FromKeys(_sequence));
        Assert.Equal(expected.Length, mapper.Length(_sequence.Length));
        Assert.Equal(7 - expected.Length, mapper.Cut(_sequence.Length));
        var ids = new int[expected.Length];
        mapper.FromIds(_sequence, ids);
        Assert.Equal(expected, ids);
    }

    [Fact]
    public void FromKeys_WithoutKeepBoundaries_LosesTheLast() =>
        Assert.Equal([101, 1, 2], new TokenMapper(new SequenceModelOptions { MaxLength = 3 }, vocabularySize: 200).FromKeys(_sequence));

    [Fact]
    public void Add_KeepBoundaries_CountsWhatIsCut()
    {
        var builder = new TokenDatasetBuilder(200, 2, 4, TruncationSide.KeepStart, keepBoundaries: true);
        builder.Add(_sequence, 1);
        builder.Add([101, 102], 0);
        var dataset = builder.Build();

        Assert.Equal([101, 1, 2, 102, 101, 102], dataset.Tokens);
        Assert.Equal(1, dataset.TruncatedRows);
        Assert.Equal(3, dataset.TruncatedTokens);
    }

    [Fact]
    public void Build_KeepBoundaries_CutsFurther()
    {
        var builder = new TokenDatasetBuilder(200, 2, 100, TruncationSide.KeepStart, keepBoundaries: true);
        builder.Add(_sequence, 1);
        var batches = new BatchBuilder(builder.Build(), new SequenceModelOptions { MaxLength = 3, KeepBoundaries = true }, []);

        Assert.Equal([101, 1, 102], batches.Build([0]).Tokens);
        Assert.Equal(4, batches.TruncatedTokens(0));
    }

    [Theory]
    [InlineData(1, PoolingKind.Mean, 3)]
    [InlineData(2, PoolingKind.First, 3)]
    [InlineData(3, PoolingKind.Cls, 4)]
    public void Validate_NoRoomBetweenTheBoundaries_SaysWhatIsNeeded(int maxLength, PoolingKind pooling, int needed)
    {
        var options = new SequenceModelOptions { MaxLength = maxLength, Pooling = pooling, KeepBoundaries = true };
        Assert.Contains($"1 error(s): MaxLength = {maxLength}: must be at least {needed} tokens with KeepBoundaries", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        (options with { MaxLength = needed }).Validate();
    }
}
