using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Explanations;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Tests.Engines.Managed;
using MlAttention.Torch.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Explanations;

/// <summary>The gradients of both engines on the way from a baseline to a text, against each other and against float64's finite differences.</summary>
public class PathGradientTests
{
    private const double Tolerance = 2e-4;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void PathGradients_RandomConfiguration_AgreeAndAreTheSlopes(int decade)
    {
        for (int seed = 5000 + 10 * decade; seed < 5010 + 10 * decade; seed++) Check(seed);
    }

    [Fact]
    public void PathGradients_ManyCalls_GiveTheSameBits()
    {
        var (configuration, weights, batch, path) = Case(5003);
        var scorer = TestEngine.Scorer(configuration, weights, EngineAgreementTests.Lanes(0));
        float[] first = Gradients(scorer, batch, path);
        for (int call = 0; call < 5; call++) Assert.Equal(first, Gradients(scorer, batch, path));
    }

    private static void Check(int seed)
    {
        var (configuration, weights, batch, path) = Case(seed);
        float[] managed = Gradients(TestEngine.Scorer(configuration, weights, EngineAgreementTests.Lanes(seed)), batch, path);
        float[] torch = Gradients(new TorchSharpScorer(configuration, weights), batch, path);
        string what = $"seed {seed}, {configuration.Model}";
        double scale = Math.Max(0.05, torch.Max(Math.Abs));
        for (int i = 0; i < managed.Length; i++) AssertClose(torch[i], managed[i], scale, $"[{i}], {what}");

        double[] directions = [.. managed.Select((_, i) => Math.Cos(i * i + seed))];
        var slopes = SlopesInFloat64(configuration, weights, batch, path, directions);
        for (int row = 0; row < batch.Rows; row++)
        {
            double ours = 0;
            for (int place = row * batch.Length; place < (row + 1) * batch.Length; place++) ours += managed[place] * directions[place];
            AssertClose(slopes[row], ours, scale * Math.Sqrt(batch.Length), $"row {row} against finite differences, {what}");
        }
    }

    private static (EngineConfiguration Configuration, IReadOnlyList<WeightTensor> Weights, TokenBatch Batch, TokenPath Path) Case(int seed)
    {
        var random = new Random(seed);
        var configuration = EngineAgreementTests.Configuration(random, new TrainingOptions { Seed = seed }, leastWidth: 4);
        // Where the vector of a token is nearly zero, its norm is steep, and float32 tells little of it.
        configuration = configuration with { Model = configuration.Model with { LayerNormEpsilon = 1e-2, ScaleEmbeddings = true } };
        if (configuration.Model.Task == TaskKind.TokenLabels) configuration = configuration with { Model = configuration.Model with { Task = TaskKind.SingleLabel } };
        var weights = WeightInitializer.Create(WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes), seed)
            .Select(weight => weight with { Values = [.. weight.Values.Select(value => value + 0.1f * (random.NextSingle() - 0.5f))] }).ToArray();
        var batch = EngineAgreementTests.Batch(random, configuration);
        bool isMax = configuration.Model.Pooling == PoolingKind.Max;
        if (isMax) batch = WithoutTies(random, batch, configuration.EmbeddingRows);
        int[] baselines = [.. batch.Tokens.Select(token => isMax ? 1 : random.Next(4) == 0 ? token : random.Next(configuration.EmbeddingRows))];
        float[] shares = [.. Enumerable.Range(0, batch.Rows).Select(_ => random.Next(5) switch { 0 => isMax ? 0.25f : 0, 1 => 1, _ => 0.25f + 0.7f * random.NextSingle() })];
        return (configuration, weights, batch, new TokenPath(baselines, shares, (row, logits) => new LogOdds(configuration.Model.Task).ToGradient(logits, row % configuration.Classes)));
    }

    /// <summary>The same rows with no token twice in one: where two are the largest alike, a maximum has no gradient.</summary>
    private static TokenBatch WithoutTies(Random random, TokenBatch batch, int embeddingRows)
    {
        int[] ids = [.. Enumerable.Range(1, embeddingRows - 1)], lengths = [.. batch.Lengths.Select(length => Math.Min(length, ids.Length))];
        int longest = Math.Max(1, lengths.Max());
        var tokens = new int[batch.Rows * longest];
        for (int row = 0; row < batch.Rows; row++)
        {
            random.Shuffle(ids);
            ids.AsSpan(0, lengths[row]).CopyTo(tokens.AsSpan(row * longest));
        }
        return new TokenBatch { Rows = batch.Rows, Length = longest, Tokens = tokens, Lengths = lengths };
    }

    private static float[] Gradients(ISequenceScorer scorer, TokenBatch batch, TokenPath path)
    {
        float[] gradients = new float[batch.Rows * batch.Length];
        Array.Fill(gradients, float.NaN);
        scorer.PathGradients(batch, path, gradients);
        return gradients;
    }

    /// <summary>Of each row, how its log-odds grow when its tokens' shares move in a direction.</summary>
    private static double[] SlopesInFloat64(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights, TokenBatch batch, TokenPath path, double[] directions)
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = TorchModel.CreateClassifier(configuration, CPU);
        new TorchParameters(module).Set(weights);
        module.to(ScalarType.Float64);
        module.eval();
        var inputs = TorchBatch.Of(batch, CPU);
        Tensor own = module.Lookup(inputs.Tokens), baseline = module.Lookup(TorchBatch.Of(batch, path.Baselines, CPU));
        double[] above = Values(Step), below = Values(-Step);
        return [.. above.Zip(below, (high, low) => (high - low) / (2 * Step))];

        double[] Values(double step)
        {
            double[] shares = [.. directions.Select((direction, place) => path.Shares[place / batch.Length] + step * direction)];
            var mixed = baseline.add(tensor(shares, [batch.Rows, batch.Length, 1]).mul(own.sub(baseline)));
            double[] logits = module.LogitsOf(mixed, inputs.Tokens, inputs.Mask).data<double>().ToArray();
            return [.. logits.Chunk(configuration.Classes).Select((row, i) => (Row: row, Target: i % configuration.Classes))
                .Select(at => at.Row[at.Target] - (configuration.Model.Task == TaskKind.SingleLabel ? Math.Log(at.Row.Where((_, c) => c != at.Target).Sum(Math.Exp)) : 0))];
        }
    }

    private static void AssertClose(double expected, double actual, double scale, string what) => Assert.True(Math.Abs(expected - actual) <= Tolerance * scale,
        string.Create(CultureInfo.InvariantCulture, $"expected {expected}, got {actual}: {what}"));
}
