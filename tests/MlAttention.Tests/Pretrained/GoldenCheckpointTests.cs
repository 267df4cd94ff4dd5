using System.Text.Json;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Pretrained;

/// <summary>Tiny checkpoints of the four families give what make_golden_pretrained.py computed in float64, on both engines.</summary>
public sealed class GoldenCheckpointTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, EngineKind> Checkpoints()
    {
        var data = new TheoryData<string, EngineKind>();
        foreach (string name in CheckpointFolder.Names)
            foreach (var engine in new[] { EngineKind.Managed, EngineKind.TorchSharp }) data.Add(name, engine);
        return data;
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Load_TinyCheckpoint_GivesTheReferencesNumbers(string name, EngineKind engine)
    {
        var encoder = PretrainedEncoder.Load(CheckpointFolder.Golden(name));
        var scorer = Scorer(encoder, engine);
        using var golden = JsonDocument.Parse(File.ReadAllText(CheckpointFolder.Golden(name) + ".json"));
        Assert.Equal(golden.RootElement.GetProperty("pooling").GetString(), encoder.Architecture.Pooling.ToString(), ignoreCase: true);
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        var batch = Batch([.. cases.Select(item => item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray())]);

        int width = encoder.Architecture.ModelWidth;
        float[] tokens = new float[batch.Rows * batch.Length * width], pooled = new float[batch.Rows * width], logits = new float[batch.Rows * encoder.Labels.Count];
        scorer.EncodeTokens(batch, tokens);
        scorer.Encode(batch, pooled);
        if (logits.Length > 0) scorer.Score(batch, logits);

        for (int row = 0; row < cases.Length; row++)
        {
            var hidden = tokens.AsSpan(row * batch.Length * width, batch.Length * width);
            double[] expected = [.. cases[row].GetProperty("hidden").EnumerateArray().SelectMany(Numbers)];
            Close(expected, hidden[..expected.Length], $"hidden states of row {row}");
            Assert.Equal(-1, hidden[expected.Length..].IndexOfAnyExcept(0));
            Close(Numbers(cases[row].GetProperty("pooled")), pooled.AsSpan(row * width, width), $"pooled vector of row {row}");
            Close(Numbers(cases[row].GetProperty("logits")), logits.AsSpan(row * encoder.Labels.Count, encoder.Labels.Count), $"logits of row {row}");
        }
    }

    /// <summary>A scorer of a loaded encoder, with its head where it has one.</summary>
    internal static ISequenceScorer Scorer(PretrainedEncoder encoder, EngineKind engine)
    {
        var factory = new EngineFactory(engine == EngineKind.Managed ? new ManagedEngineProvider() : new TorchSharpProvider());
        var configuration = new EngineConfiguration(encoder.Architecture, TokenIds.EmbeddingRows(encoder.Tokenizer.VocabularySize, encoder.Architecture), encoder.Labels.Count);
        return factory.CreateScorer(configuration, [.. encoder.Weights, .. encoder.HeadWeights]);
    }

    /// <summary>A batch of sequences of ids, which become keys.</summary>
    internal static TokenBatch Batch(IReadOnlyList<int[]> ids)
    {
        int longest = ids.Max(row => row.Length);
        int[] tokens = new int[ids.Count * longest];
        for (int row = 0; row < ids.Count; row++)
            for (int i = 0; i < ids[row].Length; i++) tokens[row * longest + i] = ids[row][i] + 1;
        return new TokenBatch { Rows = ids.Count, Length = longest, Tokens = tokens, Lengths = [.. ids.Select(row => row.Length)] };
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static void Close(double[] expected, ReadOnlySpan<float> found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        if (expected.Length == 0) return;
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance * largest, FormattableString.Invariant($"{what}: {found[i]} at {i}, where {expected[i]} is expected."));
    }
}
