using System.Text.Json.Nodes;
using MlAttention.Engines;
using MlAttention.Weights;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Latency of one sequence, the same weights on both sides, against PyTorch's fused fast path.</summary>
internal sealed class LatencyGroup : IComparisonGroup
{
    private const int Turns = 7;
    private const double LargestError = 1e-5;

    private static readonly (int Length, double Times)[] _goals = [(16, 8), (32, 4.5), (128, 2.2), (512, 1.9)];

    public string Name => "latency";

    public GroupResult Measure()
    {
        using var peer = PyTorchPeer.Start(tunedMalloc: true);
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var (length, times) in _goals)
        {
            var (theirs, ours, bytes, error) = Compare(peer, length);
            rows.Add([$"{length}", Figures.Text(theirs), Figures.Text(ours), Figures.Times(theirs / ours), $"{bytes}", Figures.Text(error)]);
            goals.Add(GoalOutcome.Faster($"latency of one sequence, n = {length}", "PyTorch's fast path", theirs, ours, "ms", times));
            goals.Add(new GoalOutcome($"largest error of a logit, n = {length}", "PyTorch's logits", 0, error, "", error, LargestError, AtMost: true));
            goals.Add(new GoalOutcome($"allocated by a call, n = {length}", "none", 0, bytes, "bytes", bytes, 0, AtMost: true));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "Latency of one sequence (ms)",
            Note = "Batch 1, one thread, the same weights. PyTorch: nn.TransformerEncoder's fused fast path (eval, inference mode, no padding mask), malloc tuned. Ours: the scorer that Transform, PredictionEngine and TextClassifier use. The error is relative to the largest logit.",
            Measured = Machine.Time(),
            Machine = Machine.Describe(peer),
            Columns = ["n", "PyTorch", "managed", "PyTorch / managed", "bytes a call", "error"],
            Rows = rows,
            Goals = goals,
        };
    }

    private static (double Theirs, double Ours, long Bytes, double Error) Compare(PyTorchPeer peer, int length)
    {
        var configuration = ReferenceModel.Configuration(EngineKind.Managed, length, dropout: 0.1);
        using var engine = EngineFactory.CreateEngine(configuration);
        var (weights, batch) = (engine.GetWeights(), ReferenceModel.Batch(1, length));
        var scorer = EngineFactory.CreateScorer(configuration, weights);
        var logits = new float[ReferenceModel.Classes];
        var path = Path.GetTempFileName();
        SafetensorsFile.Write(path, weights);
        var question = new JsonObject
        {
            ["do"] = "score", ["length"] = length, ["weights"] = path, ["steps"] = length > 200 ? 60 : 200,
            ["tokens"] = new JsonArray([.. batch.Tokens.Select(token => JsonValue.Create(token))]),
        };

        Stopwatches.Milliseconds(() => scorer.Score(batch, logits), 1, 3000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        scorer.Score(batch, logits);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        var times = Contestant.Alternate(Turns,
            new Contestant("PyTorch", () => peer.Milliseconds(question)),
            new Contestant("managed", () => Stopwatches.Milliseconds(() => scorer.Score(batch, logits), 400, 50)));

        var expected = peer.Ask(question)["logits"]!.AsArray().Select(logit => logit!.GetValue<double>()).ToArray();
        File.Delete(path);
        var error = expected.Zip(logits, (theirs, ours) => Math.Abs(theirs - ours)).Max() / expected.Max(Math.Abs);
        return (times["PyTorch"], times["managed"], bytes, error);
    }
}
