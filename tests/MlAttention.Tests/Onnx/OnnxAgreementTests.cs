using System.Globalization;
using Google.Protobuf;
using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Onnx.Network;
using MlAttention.Tests.Engines.Managed;

namespace MlAttention.Tests.Onnx;

/// <summary>
/// The written graph in ONNX Runtime against the managed engine, over the random configurations in which the two engines are compared:
/// all tasks, positions, masks, norms, poolings, heads and activations, batches with padding and with empty rows.
/// </summary>
public sealed class OnnxAgreementTests
{
    private const int Configurations = 200;

    /// <summary>What is allowed of the largest logit of a batch.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<int> Decades() => [.. Enumerable.Range(0, Configurations / 10)];

    [Theory, MemberData(nameof(Decades))]
    public void Logits_RandomConfiguration_AreTheManagedEngines(int decade)
    {
        for (int seed = 10 * decade; seed < 10 * decade + 10; seed++)
        {
            var random = new Random(seed);
            // Over one to three features a layer norm makes large differences of rounding errors.
            var configuration = EngineAgreementTests.Configuration(random, new TrainingOptions { Seed = seed }, leastWidth: 4);
            var batch = WithCls(EngineAgreementTests.Batch(random, configuration), configuration);
            var weights = Weights(configuration, random);
            float[] expected = new float[configuration.LogitCount(batch)];
            TestEngine.Scorer(configuration, weights, lanes: 128).Score(batch, expected);

            using var session = new OnnxSession(ClassifierGraph.Of(configuration, weights, OnnxPrecision.Float32).ToByteArray());
            var (ids, mask) = Inputs(batch, configuration, random);
            var (logits, probabilities) = session.Run(ids, mask, batch.Rows);

            double largest = expected.Max(logit => Math.Abs(logit)), difference = expected.Zip(logits, (ours, theirs) => Math.Abs(ours - theirs)).Max();
            Assert.True(difference <= Tolerance * largest, string.Create(CultureInfo.InvariantCulture, $"difference {difference / largest} of the largest logit; seed {seed}, {configuration.Model}"));
            if (configuration.Model.Task == TaskKind.Regression)
            {
                Assert.Empty(probabilities);
                continue;
            }
            for (int at = 0; at < expected.Length; at += configuration.Classes) configuration.Objective.Activate(expected.AsSpan(at, configuration.Classes));
            Assert.Equal(expected.Length, probabilities.Length);
            Assert.All(expected.Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    /// <summary>CLS, where the model has one, before every row and nowhere else; the graph is given the rows without it.</summary>
    private static TokenBatch WithCls(TokenBatch batch, EngineConfiguration configuration)
    {
        if (configuration.Model.SpecialTokens == 0) return batch;
        int cls = configuration.EmbeddingRows - 1;
        for (int i = 0; i < batch.Tokens.Length; i++)
            batch.Tokens[i] = i % batch.Length == 0 ? cls : Math.Min(batch.Tokens[i], cls - 1);
        return batch;
    }

    /// <summary>The ids and the mask of a batch; where padding stands any ids, which must not matter.</summary>
    private static (long[] Ids, long[] Mask) Inputs(TokenBatch batch, EngineConfiguration configuration, Random random)
    {
        int special = configuration.Model.SpecialTokens, length = Math.Max(1, batch.Length - special);
        long[] ids = [.. Enumerable.Range(0, batch.Rows * length).Select(_ => random.NextInt64(configuration.EmbeddingRows - 1 - special))], mask = new long[ids.Length];
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int i = special; i < batch.Lengths[row]; i++)
            {
                ids[row * length + i - special] = batch.Tokens[row * batch.Length + i] - 1;
                mask[row * length + i - special] = 1;
            }
        }
        return (ids, mask);
    }

    /// <summary>Weights none of which are at a special value such as zero.</summary>
    private static IReadOnlyList<WeightTensor> Weights(EngineConfiguration configuration, Random random)
    {
        using var engine = TestEngine.Create(configuration, 128).Engine;
        return [.. engine.GetWeights().Select(weight => weight with { Values = [.. weight.Values.Select(value => value + 0.1f * (random.NextSingle() - 0.5f))] })];
    }
}
