using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class RareTokenDropoutTests
{
    private const int Vocabulary = 5, Unknown = Vocabulary + 1, Cls = Vocabulary + 2;

    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(2, 1 / 9.0)]
    [InlineData(3, 1 / 13.0)]
    public void Apply_TokenThatOccursSoOften_IsReplacedWithItsProbability(int token, double expected)
    {
        const int Count = 100_000;
        var batch = Batch(Enumerable.Repeat(token, Count));

        new RareTokenDropout(Rows(), strength: 0.25).Apply(batch, seed: 3);

        Assert.Equal(expected, batch.Tokens.Count(value => value == Unknown) / (double)Count, 0.005);
        Assert.All(batch.Tokens, value => Assert.True(value == token || value == Unknown));
    }

    [Fact]
    public void Apply_PaddingUnknownClsAndTokensThatTrainingLacks_Stay()
    {
        int[] tokens = [0, Unknown, Cls, 4, 5];
        var batch = Batch(Enumerable.Repeat(tokens, 100).SelectMany(row => row));

        new RareTokenDropout(Rows(), strength: 1e9).Apply(batch, seed: 3);

        Assert.Equal(Enumerable.Repeat(tokens, 100).SelectMany(row => row), batch.Tokens);
    }

    [Fact]
    public void Apply_Separator_Stays()
    {
        var batch = Batch(Enumerable.Repeat(1, 100));

        new RareTokenDropout(Rows(), strength: 1e9, separator: 1).Apply(batch, seed: 3);

        Assert.All(batch.Tokens, value => Assert.Equal(1, value));
    }

    [Fact]
    public void Apply_Seed_DecidesWhichTokens()
    {
        int[] Replaced(ulong seed)
        {
            var batch = Batch(Enumerable.Repeat(1, 200));
            new RareTokenDropout(Rows(), strength: 1).Apply(batch, seed);
            return batch.Tokens;
        }

        Assert.Equal(Replaced(7), Replaced(7));
        Assert.NotEqual(Replaced(7), Replaced(8));
    }

    /// <summary>Token 1 once, 2 twice, 3 three times, an unknown one, and neither 4 nor 5.</summary>
    private static TokenDataset Rows()
    {
        var builder = new TokenDatasetBuilder(Vocabulary, 2, 9, TruncationSide.KeepStart);
        builder.Add([1, 2, 3], 0);
        builder.Add([3, 2, 3, 0], 1);
        return builder.Build();
    }

    private static TokenBatch Batch(IEnumerable<int> tokens)
    {
        int[] row = [.. tokens];
        return new TokenBatch { Rows = 1, Length = row.Length, Tokens = row, Lengths = [row.Length] };
    }
}
