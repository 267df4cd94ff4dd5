using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>Reading token by token, with a cache of keys and values, gives what scoring the whole sequence gives.</summary>
public class CausalDecoderTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<PositionScheme> Schemes => [.. Enum.GetValues<PositionScheme>()];

    [Theory, MemberData(nameof(Schemes))]
    public void Read_RandomCausalModels_GivesTheLogitsOfTheWholeSequence(PositionScheme scheme)
    {
        for (int seed = 0; seed < 24; seed++)
        {
            var random = new Random(100 * (int)scheme + seed);
            var configuration = Causal(random, scheme);
            var weights = Weights(configuration, random);
            int lanes = EngineAgreementTests.Lanes(seed);
            using var decoder = TestEngine.Decoders(configuration, weights, lanes)();
            for (int sequence = 0; sequence < 2; sequence++)       // the second one, after Restart, must not see the first
            {
                int[] tokens = [.. Enumerable.Range(0, random.Next(1, configuration.Model.MaxLength + 1)).Select(_ => random.Next(1, configuration.EmbeddingRows))];
                float[] whole = Score(TestEngine.Scorer(configuration, weights, lanes), tokens, configuration.Classes), logits = new float[configuration.Classes];
                decoder.Restart();
                for (int i = 0; i < tokens.Length; i++)
                {
                    decoder.Read(tokens[i]);
                    decoder.Logits(logits);
                    for (int c = 0; c < logits.Length; c++)
                    {
                        float expected = whole[i * logits.Length + c];
                        Assert.True(Math.Abs(expected - logits[c]) <= Tolerance * (1 + Math.Abs(expected)), string.Create(CultureInfo.InvariantCulture,
                            $"Token {i} of {tokens.Length}, class {c}: {logits[c]} token by token, {expected} as a whole; seed {seed}, lanes {lanes}, {configuration.Model}"));
                    }
                }
                Assert.Equal(tokens.Length, decoder.Length);
            }
        }
    }

    [Fact]
    public void Read_AfterWarmUp_AllocatesNothing()
    {
        var random = new Random(3);
        foreach (var scheme in Enum.GetValues<PositionScheme>())
        {
            var configuration = Causal(random, scheme);
            configuration = configuration with { Model = configuration.Model with { MaxLength = 40 } };
            using var decoder = ManagedEngineProvider.CreateDecoders(configuration, Weights(configuration, random))();
            float[] logits = new float[configuration.Classes];
            Read(decoder, logits);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Read(decoder, logits);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        static void Read(ITokenDecoder decoder, float[] logits)
        {
            decoder.Restart();
            for (int i = 0; i < decoder.MaxLength; i++)
            {
                decoder.Read(1 + i % 3);
                decoder.Logits(logits);
            }
        }
    }

    [Fact]
    public void Read_BeyondTheLongestSequence_IsRefused()
    {
        var random = new Random(4);
        var configuration = Causal(random, PositionScheme.Learned);
        using var decoder = TestEngine.Decoders(configuration, Weights(configuration, random), 128)();
        Assert.Throws<InvalidOperationException>(() => decoder.Logits(new float[configuration.Classes]));
        for (int i = 0; i < decoder.MaxLength; i++) decoder.Read(1);
        var error = Assert.Throws<InvalidOperationException>(() => decoder.Read(1));
        Assert.Contains($"{decoder.MaxLength} tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReasonAgainstDecoding_WhatIsNotCovered_IsSaid()
    {
        var provider = new ManagedEngineProvider();
        var covered = new EngineConfiguration(new SequenceModelOptions { Task = TaskKind.TokenLabels, Mask = MaskKind.Causal }, 9, 5);
        Assert.Null(provider.ReasonAgainstDecoding(covered));
        Assert.Contains("causal mask", Reason(model => model with { Mask = MaskKind.Bidirectional }), StringComparison.Ordinal);
        Assert.Contains("each token", Reason(model => model with { Task = TaskKind.SingleLabel }), StringComparison.Ordinal);
        Assert.Contains("Additive", Reason(model => model with { Score = ScoreFunction.Additive }), StringComparison.Ordinal);
        Assert.Contains("one part", Reason(model => model with { SeparatorKey = 2 }), StringComparison.Ordinal);

        string Reason(Func<SequenceModelOptions, SequenceModelOptions> change) => provider.ReasonAgainstDecoding(covered with { Model = change(covered.Model) }) ?? "";
    }

    private static EngineConfiguration Causal(Random random, PositionScheme scheme)
    {
        var configuration = EngineAgreementTests.Configuration(random, new TrainingOptions { Seed = 1 }, leastWidth: 2);
        var model = configuration.Model;
        bool rotates = scheme == PositionScheme.Rotary, local = random.Next(3) == 0, predicts = random.Next(2) == 0;
        int headWidth = model.ModelWidth / model.Heads;
        return configuration with
        {
            Classes = predicts ? configuration.EmbeddingRows - 2 : random.Next(2, 40),
            Model = model with
            {
                Positions = scheme,
                ModelWidth = (rotates && headWidth % 2 == 1 ? headWidth + 1 : headWidth) * model.Heads,
                Task = predicts ? TaskKind.NextToken : TaskKind.TokenLabels,
                Head = predicts ? random.Next(2) == 0 ? HeadKind.Tied : HeadKind.TiedTransform : HeadKind.Linear,
                Pooling = PoolingKind.Mean,
                SeparatorKey = null,
                Mask = local ? MaskKind.CausalLocalWindow : MaskKind.Causal,
                Algorithm = local && random.Next(2) == 0 ? AttentionAlgorithm.LocalWindow : AttentionAlgorithm.Full,
            },
        };
    }

    private static IReadOnlyList<WeightTensor> Weights(EngineConfiguration configuration, Random random)
    {
        using var engine = new ManagedEngineProvider().CreateEngine(configuration);
        return [.. engine.GetWeights().Select(weight => weight with { Values = [.. weight.Values.Select(value => value + 0.1f * (random.NextSingle() - 0.5f))] })];
    }

    private static float[] Score(ISequenceScorer scorer, int[] tokens, int classes)
    {
        float[] logits = new float[tokens.Length * classes];
        scorer.Score(new TokenBatch { Rows = 1, Length = tokens.Length, Tokens = tokens, Lengths = [tokens.Length] }, logits);
        return logits;
    }
}
