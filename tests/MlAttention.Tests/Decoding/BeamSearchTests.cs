namespace MlAttention.Tests.Decoding;

public sealed class BeamSearchTests
{
    private const int Tokens = 4, End = 3;

    public static TheoryData<int, double> Seeds
    {
        get
        {
            var seeds = new TheoryData<int, double>();
            for (var seed = 1; seed <= 10; seed++)
                foreach (var alpha in new[] { 0, 0.6, 2 }) seeds.Add(seed, alpha);
            return seeds;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_BeamAsWideAsThereAreSequences_FindsTheBestOfAll(int seed, double alpha)
    {
        var options = new BeamSearchOptions { Width = (int)Math.Pow(Tokens, 4), MaxLength = 4, LengthNormalization = alpha };
        var all = All(seed, [], 0, options).OrderByDescending(sequence => sequence.Score).ToArray();

        var found = BeamSearch.Run(1, End, options, Model(seed))[0];

        Assert.Equal(all.Length, found.Count);
        Assert.Equal(all[0].Tokens, found[0].Tokens);
        Assert.Equal(all[0].LogProbability, found[0].LogProbability, 1e-9);
        Assert.Equal(all[0].Score, found[0].Score, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_WidthOne_IsGreedy(int seed, double alpha)
    {
        var options = BeamSearchOptions.Greedy with { MaxLength = 6, LengthNormalization = alpha };
        List<int> expected = [];
        while (expected.Count < 6 && Next(seed, expected) is var next && Array.IndexOf(next, next.Max()) is var token && token != End) expected.Add(token);

        var found = Assert.Single(BeamSearch.Run(1, End, options, Model(seed))[0]);

        Assert.Equal(expected, found.Tokens);
        Assert.Equal(expected.Count < 6, found.IsComplete);
    }

    [Fact]
    public void Run_FirstTokenMisleads_TwoFindWhatGreedyMisses()
    {
        // a is likelier than b, but nothing likely follows it: p(a a) = 0.55 * 0.34, p(b) = 0.45.
        static float[] Of(TokenPrefix prefix) => prefix.Tokens switch
        {
            [] => [0.55f, 0.45f, 0],
            [0] => [0.34f, 0.33f, 0.33f],
            _ => [0, 0, 1],
        };
        NextTokens model = prefixes => [.. prefixes.SelectMany(Of).Select(p => MathF.Log(p))];
        BeamSearchOptions Options(int width) => new() { Width = width, LengthNormalization = 0 };

        var greedy = BeamSearch.Run(1, 2, Options(1), model)[0][0];
        var beam = BeamSearch.Run(1, 2, Options(2), model)[0][0];

        Assert.Equal([0, 0], greedy.Tokens);
        Assert.Equal(Math.Log(0.55 * 0.34), greedy.LogProbability, 1e-6);
        Assert.Equal([1], beam.Tokens);
        Assert.Equal(Math.Log(0.45), beam.LogProbability, 1e-6);
    }

    [Fact]
    public void Run_LengthNormalization_LetsTheLongerOneWin()
    {
        // To end at once has 0.3; four tokens and the end have 0.7 * 0.75^3 = 0.295.
        static float[] Of(TokenPrefix prefix) => prefix.Tokens.Count switch { 0 => [0.7f, 0.3f], 4 => [0, 1], _ => [0.75f, 0.25f] };
        NextTokens model = prefixes => [.. prefixes.SelectMany(Of).Select(p => MathF.Log(p))];

        var plain = BeamSearch.Run(1, 1, new() { LengthNormalization = 0 }, model)[0][0];
        var normalised = BeamSearch.Run(1, 1, new() { LengthNormalization = 1 }, model)[0][0];

        Assert.Empty(plain.Tokens);
        Assert.Equal(4, normalised.Tokens.Count);
        Assert.Equal(normalised.LogProbability / (10 / 6.0), normalised.Score, 1e-9);       // ((5 + 5) / 6)^1
    }

    [Fact]
    public void Run_RowsSideBySide_AreAsAlone()
    {
        NextTokens together = prefixes => [.. prefixes.SelectMany(prefix => Next(prefix.Row, prefix.Tokens))];
        var options = new BeamSearchOptions { Width = 3, MaxLength = 5 };

        var rows = BeamSearch.Run(4, End, options, together);

        for (var row = 0; row < 4; row++)
            Assert.Equal(BeamSearch.Run(1, End, options, Model(row))[0].Select(Text), rows[row].Select(Text));

        static string Text(DecodedSequence sequence) => $"{string.Join(' ', sequence.Tokens)}: {sequence.Score:R}";
    }

    [Fact]
    public void Run_Ties_GoToThePrefixThatCameFirstThenToTheSmallerToken()
    {
        var found = BeamSearch.Run(1, 2, new() { Width = 3, MaxLength = 2, LengthNormalization = 0 }, prefixes => [.. prefixes.SelectMany(_ => new[] { 0f, 0, float.NegativeInfinity, 0 })])[0];

        Assert.Equal<int[]>([[0, 0], [0, 1], [0, 3]], found.Select(sequence => sequence.Tokens.ToArray()));
    }

    [Fact]
    public void Run_NothingEnds_IsCutAtMaxLength()
    {
        var found = BeamSearch.Run(1, 1, new() { Width = 2, MaxLength = 3 }, prefixes => [.. prefixes.SelectMany(_ => new[] { 0f, float.NegativeInfinity })])[0];

        Assert.Equal([0, 0, 0], Assert.Single(found).Tokens);
        Assert.False(found[0].IsComplete);
    }

    [Fact]
    public void Run_NoRows_AsksNothing() => Assert.Empty(BeamSearch.Run(0, 1, new(), _ => throw new InvalidOperationException()));

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Run_WrongNumbers_SaysWhatIsNeeded(int count)
    {
        var error = Assert.Throws<InvalidOperationException>(() => BeamSearch.Run(2, 1, new(), _ => new float[count]));
        Assert.Contains($"log probabilities [2,V] without NaN, with V greater than the end token 1; got {count} numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NaN_IsRefused() => Assert.Throws<InvalidOperationException>(() => BeamSearch.Run(1, 1, new(), _ => [0, float.NaN]));

    [Fact]
    public void Validate_OutOfRange_ListsAllErrors()
    {
        var message = Assert.Throws<ArgumentException>(() => new BeamSearchOptions { Width = 0, MaxLength = 0, LengthNormalization = -1 }.Validate()).Message;
        Assert.Equal("BeamSearchOptions has 3 error(s): Width = 0: must be at least 1. MaxLength = 0: must be at least 1 token. LengthNormalization = -1: must be 0 or more.", message);
    }

    /// <summary>Log probabilities that depend on the seed and the prefix alone.</summary>
    private static float[] Next(int seed, IReadOnlyList<int> prefix)
    {
        var random = new Random(prefix.Aggregate(seed, (hash, token) => 31 * hash + token + 1));
        var weights = Enumerable.Range(0, Tokens).Select(_ => random.NextDouble() + 0.01).ToArray();
        return [.. weights.Select(weight => (float)Math.Log(weight / weights.Sum()))];
    }

    private static NextTokens Model(int seed) => prefixes => [.. prefixes.SelectMany(prefix => Next(seed, prefix.Tokens))];

    private static IEnumerable<DecodedSequence> All(int seed, int[] prefix, double logProbability, BeamSearchOptions options)
    {
        if (prefix.Length == options.MaxLength) return [new(prefix, logProbability, logProbability / Math.Pow((5 + prefix.Length) / 6.0, options.LengthNormalization), false)];
        var next = Next(seed, prefix);
        return Enumerable.Range(0, Tokens).SelectMany(token => token == End
            ? [new(prefix, logProbability + next[End], (logProbability + next[End]) / Math.Pow((6 + prefix.Length) / 6.0, options.LengthNormalization), true)]
            : All(seed, [.. prefix, token], logProbability + next[token], options));
    }
}
