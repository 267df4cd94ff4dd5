using MlAttention.Core.Generation;
using MlAttention.Core.Randomness;

namespace MlAttention.Tests.Generation;

/// <summary>The distribution of the next token, against values worked out by hand, and the choice from it.</summary>
public class TokenSamplerTests
{
    /// <summary>Logits ln 8, ln 4, ln 2, ln 1, ln 1: probabilities 8, 4, 2, 1, 1 of 16.</summary>
    private static readonly double[] s_probabilities = [8 / 16.0, 4 / 16.0, 2 / 16.0, 1 / 16.0, 1 / 16.0];

    [Fact]
    public void Distribution_Defaults_AreTheModelsProbabilities() => AssertDistribution(new(), [8, 4, 2, 1, 1]);

    [Fact]
    public void Distribution_Temperature_IsThePowerOfTheProbabilities()
    {
        AssertDistribution(new() { Temperature = 0.5 }, [64, 16, 4, 1, 1]);      // p^(1 / 0.5) = p^2
        AssertDistribution(new() { Temperature = 2 }, [Math.Sqrt(8), 2, Math.Sqrt(2), 1, 1]);
        AssertDistribution(new() { Temperature = 1e-6 }, [1, 0, 0, 0, 0]);
        AssertDistribution(new() { Temperature = 0 }, [1, 0, 0, 0, 0]);
    }

    [Fact]
    public void Distribution_TopK_KeepsTheMostProbable()
    {
        AssertDistribution(new() { TopK = 1 }, [1, 0, 0, 0, 0]);
        AssertDistribution(new() { TopK = 3 }, [8, 4, 2, 0, 0]);
        AssertDistribution(new() { TopK = 4 }, [8, 4, 2, 1, 0]);     // of two alike the first in the vocabulary
        AssertDistribution(new() { TopK = 99 }, [8, 4, 2, 1, 1]);
    }

    /// <summary>0.5 + 0.25 = 0.75 is reached by two tokens; 0.76 needs a third.</summary>
    [Fact]
    public void Distribution_TopP_IsTheSmallestNucleus()
    {
        AssertDistribution(new() { TopP = 0.4 }, [1, 0, 0, 0, 0]);
        AssertDistribution(new() { TopP = 0.74 }, [8, 4, 0, 0, 0]);
        AssertDistribution(new() { TopP = 0.76 }, [8, 4, 2, 0, 0]);
        AssertDistribution(new() { TopK = 3, TopP = 0.84 }, [8, 4, 0, 0, 0]);     // of the three, 12 of 14 = 0.857
        AssertDistribution(new() { TopK = 3, TopP = 0.87 }, [8, 4, 2, 0, 0]);
    }

    /// <summary>Of a large vocabulary few tokens are sorted; which they are and what they weigh is as if all were.</summary>
    [Theory]
    [InlineData(1, 1.0), InlineData(40, 1.0), InlineData(1700, 1.0), InlineData(2999, 1.0)]
    [InlineData(0, 0.05), InlineData(0, 0.9), InlineData(0, 0.9999), InlineData(40, 0.7), InlineData(2500, 0.95)]
    public void Distribution_LargeVocabulary_IsThatOfAllTokensSorted(int topK, double topP)
    {
        const int Classes = 3000;
        var sampler = new TokenSampler(Classes);
        var random = new Random(3);
        double[] actual = new double[Classes];
        foreach (double temperature in new[] { 0.3, 1, 4 })
        {
            float[] logits = [.. Enumerable.Range(0, Classes).Select(_ => (float)(3 * random.NextDouble() * random.NextDouble()))];
            var sorted = logits.Select((logit, token) => (Token: token, Weight: Math.Exp(logit / temperature))).OrderByDescending(one => one.Weight).Take(topK == 0 ? Classes : topK).ToArray();
            double[] expected = new double[Classes];
            double total = sorted.Sum(one => one.Weight), sum = 0;
            foreach (var (token, weight) in sorted.TakeWhile(one => topP == 1 || (sum += one.Weight) - one.Weight < topP * total)) expected[token] = weight;
            double kept = expected.Sum();

            sampler.Distribution(new() { Temperature = temperature, TopK = topK, TopP = topP }, logits, [], actual);

            for (int token = 0; token < Classes; token++)
            {
                Assert.Equal(expected[token] == 0, actual[token] == 0);
                Assert.Equal(expected[token] / kept, actual[token], 1e-6);
            }
        }
    }

    /// <summary>A logit above 0 is divided, one below 0 multiplied; each token once, however often it stands there.</summary>
    [Fact]
    public void Distribution_RepetitionPenalty_IsThatOfCtrl()
    {
        float[] logits = [2, -1, 0.5f];
        var sampler = new TokenSampler(3);
        double[] actual = new double[3];
        sampler.Distribution(new() { RepetitionPenalty = 2 }, logits, [0, 1, 0, -1], actual);
        double[] weights = [Math.Exp(1), Math.Exp(-2), Math.Exp(0.5)];
        AssertEqual([.. weights.Select(weight => weight / weights.Sum())], actual);
        sampler.Distribution(new() { RepetitionPenalty = 2 }, logits, [], actual);     // the logits are changed already, and nothing is remembered
        AssertEqual([.. weights.Select(weight => weight / weights.Sum())], actual);
    }

    [Fact]
    public void Distribution_NoRepeatNgram_TakesOutWhatWouldRepeatOne()
    {
        AssertDistribution(new() { NoRepeatNgram = 2 }, [8, 4, 0, 1, 1], history: [0, 2, 3, 0]);       // 0 2 stands there
        AssertDistribution(new() { NoRepeatNgram = 2 }, [8, 0, 0, 1, 1], history: [0, 2, 0, 1, 0]);
        AssertDistribution(new() { NoRepeatNgram = 3 }, [8, 4, 2, 1, 1], history: [0, 2, 3, 0]);
        AssertDistribution(new() { NoRepeatNgram = 3 }, [8, 4, 2, 0, 1], history: [0, 2, 3, 1, 0, 2]);
        AssertDistribution(new() { NoRepeatNgram = 1 }, [0, 4, 0, 0, 1], history: [0, 2, 3]);
        AssertDistribution(new() { NoRepeatNgram = 9 }, [8, 4, 2, 1, 1], history: [0, 2, 3]);
    }

    [Fact]
    public void Next_Greedy_TakesTheFirstOfTheMostProbable()
    {
        var sampler = new TokenSampler(3);
        Assert.Equal(1, sampler.Next(new() { Temperature = 0 }, [1, 3, 3], [], new Xoshiro256(1)));
        Assert.Equal(2, sampler.Next(new() { Temperature = 0, NoRepeatNgram = 1 }, [1, 3, 3], [1], new Xoshiro256(1)));
    }

    /// <summary>Of 100,000 draws the shares lie within four standard errors of the probabilities, and nothing outside the nucleus is drawn.</summary>
    [Theory, InlineData(0, 1.0), InlineData(3, 1.0), InlineData(0, 0.8)]
    public void Next_ManyDraws_FollowTheDistribution(int topK, double topP)
    {
        const int Draws = 100_000;
        var options = new GenerationOptions { Temperature = 1.3, TopK = topK, TopP = topP };
        var sampler = new TokenSampler(s_probabilities.Length);
        double[] expected = new double[s_probabilities.Length];
        sampler.Distribution(options, Logits(), [], expected);
        var random = Xoshiro256.For(7, "draws");
        int[] counts = new int[expected.Length];
        for (int draw = 0; draw < Draws; draw++) counts[sampler.Next(options, Logits(), [], random)]++;
        for (int token = 0; token < counts.Length; token++)
            Assert.InRange(counts[token] / (double)Draws - expected[token], -4 * Error(expected[token]), 4 * Error(expected[token]));

        static double Error(double share) => Math.Sqrt(share * (1 - share) / Draws);
    }

    [Fact]
    public void Next_ExcludedTokens_AreNeverChosen()
    {
        var sampler = new TokenSampler(3);
        var random = new Xoshiro256(5);
        for (int draw = 0; draw < 1000; draw++) Assert.Equal(1, sampler.Next(new(), [float.NegativeInfinity, 0, float.NegativeInfinity], [], random));
        Assert.Throws<InvalidOperationException>(() => sampler.Next(new(), [float.NaN, 0, 0], [], random));
        Assert.Throws<InvalidOperationException>(() => sampler.Next(new() { NoRepeatNgram = 1 }, [0, 0, 0], [0, 1, 2], random));
    }

    [Fact]
    public void Next_AnyOptions_AllocatesNothing()
    {
        var options = new GenerationOptions { TopK = 3, TopP = 0.9, RepetitionPenalty = 1.2, NoRepeatNgram = 2 };
        var sampler = new TokenSampler(50);
        var random = new Xoshiro256(5);
        float[] logits = [.. Enumerable.Range(0, 50).Select(i => (float)Math.Sin(i))];
        int[] history = [1, 2, 3, 1];
        for (int i = 0; i < 3; i++) sampler.Next(options, logits, history, random);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) sampler.Next(options, logits, history, random);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Validate_WrongOptions_AreAllListed()
    {
        var error = Assert.Throws<ArgumentException>(new GenerationOptions { Temperature = -1, TopK = -2, TopP = 0, RepetitionPenalty = 0.5, NoRepeatNgram = -3, MostTokens = 0, StopTokens = [""] }.Validate);
        Assert.All(new[] { "7 error", "Temperature = -1", "TopK = -2", "TopP = 0", "RepetitionPenalty = 0.5", "NoRepeatNgram = -3", "MostTokens = 0", "StopTokens = []" },
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        new GenerationOptions { Temperature = 0, TopK = 5, TopP = 0.5, RepetitionPenalty = 1.2, NoRepeatNgram = 3, MostTokens = 9, StopTokens = ["."] }.Validate();
    }

    private static float[] Logits() => [.. s_probabilities.Select(probability => (float)Math.Log(16 * probability))];

    private static void AssertDistribution(GenerationOptions options, double[] weights, int[]? history = null)
    {
        double[] actual = new double[weights.Length];
        new TokenSampler(weights.Length).Distribution(options, Logits(), history ?? [], actual);
        AssertEqual([.. weights.Select(weight => weight / weights.Sum())], actual);
    }

    private static void AssertEqual(double[] expected, double[] actual)
    {
        for (int token = 0; token < expected.Length; token++) Assert.Equal(expected[token], actual[token], 1e-6);
    }
}
