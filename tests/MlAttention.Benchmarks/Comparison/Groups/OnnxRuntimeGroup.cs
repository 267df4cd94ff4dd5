using MlAttention.Benchmarks.Comparison.Contestants;
using MlAttention.Core.Engines;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Pretrained;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>The vectors of all tokens by MiniLM's own checkpoint, here and in ONNX Runtime.</summary>
internal sealed class OnnxRuntimeGroup : IComparisonGroup
{
    private const int Rounds = 7, SpecialTokens = 1000;
    private const double Goal = 1.2;
    private const string Peer = "ONNX Runtime";

    public string Name => "onnx-runtime";

    public GroupResult Measure()
    {
        using var reference = new OnnxReference(OnnxReference.MiniLM, threads: 1);
        var encoder = PretrainedEncoder.Load(Path.Combine(AppContext.BaseDirectory, "pretrained", "minilm"));
        var configuration = new EngineConfiguration(encoder.Architecture, TokenIds.EmbeddingRows(encoder.Tokenizer.VocabularySize, encoder.Architecture), Classes: 0);
        var scorer = Roster.Managed.Scorer(configuration, encoder.Weights);
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var (batch, length) in ((int, int)[])[(1, 16), (1, 32), (1, 128), (32, 32)])
        {
            var random = new Xoshiro256(7);
            long[] ids = [.. Enumerable.Range(0, batch * length).Select(_ => (long)(SpecialTokens + random.NextInt(encoder.Tokenizer.VocabularySize - SpecialTokens)))];
            var texts = new TokenBatch { Rows = batch, Length = length, Tokens = [.. ids.Select(id => (int)id + 1)], Lengths = [.. Enumerable.Repeat(length, batch)] };   // 0 pads
            var vectors = new float[ids.Length * encoder.Architecture.ModelWidth];
            var times = Turn.Alternate(Rounds, Turn.Of(Peer, () => reference.Run(ids, batch)), Turn.Of(Roster.Managed.Name, () => scorer.EncodeTokens(texts, vectors)));
            var (theirs, ours) = (times[Peer], times[Roster.Managed.Name]);
            rows.Add([$"{batch}", $"{length}", Figures.Text(theirs), Figures.Text(ours), Figures.Times(theirs / ours)]);
            goals.Add(GoalOutcome.Faster($"MiniLM's checkpoint, n = {length}, batch {batch}: speed against ONNX Runtime", (Peer, theirs), ours, "ms", Goal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "MiniLM's checkpoint beside ONNX Runtime (ms)",
            Note = $"The vectors of all tokens, float32, one thread, {typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version?.ToString(3)} of ONNX Runtime; the verb `onnx` compares what both give.",
            Columns = ["batch", "n", Peer, Roster.Managed.Name, "ONNX Runtime / managed"],
            Rows = rows,
            Goals = goals,
        };
    }
}
