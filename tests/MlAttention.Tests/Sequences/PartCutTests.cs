using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

/// <summary>Cutting texts of several parts: 101 stands for CLS, 102 for the separator.</summary>
public class PartCutTests
{
    private const int Cls = 101, Sep = 102, Vocabulary = 200;

    [Theory]
    [InlineData(9, TruncationSide.KeepStart, "101 1 2 3 102 11 12 13 102")]
    [InlineData(8, TruncationSide.KeepStart, "101 1 2 3 102 11 12 102")]
    [InlineData(8, TruncationSide.KeepEnd, "101 3 4 5 102 12 13 102")]
    [InlineData(7, TruncationSide.KeepStart, "101 1 2 102 11 12 102")]
    [InlineData(5, TruncationSide.KeepStart, "101 1 102 11 102")]
    [InlineData(5, TruncationSide.KeepEnd, "101 5 102 13 102")]
    [InlineData(11, TruncationSide.KeepEnd, "101 1 2 3 4 5 102 11 12 13 102")]
    public void FromKeys_Pair_CutsTheLongerPartFirst(int maxLength, TruncationSide side, string expected)
    {
        int[] pair = [Cls, 1, 2, 3, 4, 5, Sep, 11, 12, 13, Sep];
        var mapper = new TokenMapper(Model(maxLength) with { Truncation = side, KeepBoundaries = true }, Vocabulary);

        int[] kept = mapper.FromKeys(pair);

        Assert.Equal(expected, string.Join(' ', kept));
        Assert.Equal(kept.Length, mapper.Length(pair.Length));
        Assert.Equal(pair.Length - kept.Length, mapper.Cut(pair.Length));
        int[] again = new int[kept.Length];
        mapper.FromIds(kept, again);
        Assert.Equal(kept, again);
    }

    /// <summary>The lengths are those of truncate_encodings in Hugging Face's tokenizers, LongestFirst, as it is written there.</summary>
    [Fact]
    public void FromKeys_AnyTwoLengths_KeepsWhatHuggingFaceKeeps()
    {
        for (int first = 0; first <= 9; first++)
            for (int second = 0; second <= 9; second++)
                for (int room = 2; room <= 12; room++)
                {
                    int[] pair = [Cls, .. Enumerable.Repeat(1, first), Sep, .. Enumerable.Repeat(2, second), Sep];
                    int[] kept = new TokenMapper(Model(room + 3) with { KeepBoundaries = true }, Vocabulary).FromKeys(pair);
                    var (ofFirst, ofSecond) = LongestFirst(first, second, room);
                    Assert.True((ofFirst, ofSecond) == (kept.Count(id => id == 1), kept.Count(id => id == 2)), $"{first} and {second} tokens with room for {room}: {string.Join(' ', kept)}");
                    Assert.Equal(2, kept.Count(id => id == Sep));
                }
    }

    [Theory]
    [InlineData("1 2 3 4 102 11 102 21 22 23", 8, "1 2 3 102 11 102 21 22")] // one place is left over, for the longest
    [InlineData("1 2 3 4 102 102 21 22 23", 7, "1 2 3 102 102 21 22")]
    [InlineData("1 2 3 4 102 11 102 21 22 23", 5, "1 102 11 102 21")]
    [InlineData("1 2 3 4 5 6", 4, "1 2 3 4")]
    public void FromKeys_OtherNumbersOfParts_EachKeepsItsShare(string keys, int maxLength, string expected) =>
        Assert.Equal(expected, string.Join(' ', new TokenMapper(Model(maxLength), Vocabulary).FromKeys([.. keys.Split(' ').Select(int.Parse)])));

    [Fact]
    public void FromKeys_NoRoomForAllSeparators_CutsAtOneEnd() =>
        Assert.Equal([102, 102], new TokenMapper(Model(2), Vocabulary).FromKeys([102, 102, 102, 1]));

    [Fact]
    public void Add_PairThatIsTooLong_IsCountedAndHasBothParts()
    {
        var builder = new TokenDatasetBuilder(Vocabulary, 2, 6, TruncationSide.KeepStart, keepBoundaries: false, separatorKey: Sep);
        builder.Add([1, 2, 3, 4, 5, 6, 7, Sep, 11], 1);
        var dataset = builder.Build();

        Assert.Equal([1, 2, 3, 4, Sep, 11], dataset.Tokens);
        Assert.Equal((1, 3L), (dataset.TruncatedRows, dataset.TruncatedTokens));
    }

    [Fact]
    public void Build_ClsPooling_PutsClsBeforeThePair() =>
        Assert.Equal([Vocabulary + 2, 1, Sep, 11], new TokenMapper(Model(4) with { Pooling = PoolingKind.Cls }, Vocabulary).FromKeys([1, 2, Sep, 11]));

    private static SequenceModelOptions Model(int maxLength) => new() { MaxLength = maxLength, SeparatorKey = Sep };

    private static (int First, int Second) LongestFirst(int n1, int n2, int most)
    {
        if (n1 + n2 <= most) return (n1, n2);
        bool swap = n1 > n2;
        if (swap) (n1, n2) = (n2, n1);
        n2 = n1 > most ? n1 : Math.Max(n1, most - n1);
        if (n1 + n2 > most) (n1, n2) = (most / 2, most / 2 + most % 2);
        return swap ? (n2, n1) : (n1, n2);
    }
}
