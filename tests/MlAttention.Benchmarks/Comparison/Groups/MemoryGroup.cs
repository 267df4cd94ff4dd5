using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MlAttention.Engines;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Peak resident memory of a process that does nothing but train a few steps.</summary>
internal sealed class MemoryGroup : IComparisonGroup
{
    private const int Steps = 8;
    private const double Dropout = 0.1, Goal = 100;

    public string Name => "memory";

    public GroupResult Measure()
    {
        var (rows, goals, machine) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>(), "");
        foreach (var length in (int[])[32, 128, 512])
        {
            double[] peers = [OfPeer(length, tunedMalloc: false, ref machine), OfPeer(length, tunedMalloc: true, ref machine)];
            double torchSharp = OfEngine(EngineKind.TorchSharp, length), managed = OfEngine(EngineKind.Managed, length);
            rows.Add([$"{length}", .. peers.Append(torchSharp).Append(managed).Select(Figures.Text)]);
            goals.Add(new GoalOutcome($"peak memory of a training process, n = {length}", "PyTorch", peers[0], managed, "MB", managed, Goal, AtMost: true));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "Peak memory of a training process (MB)",
            Note = $"Peak resident memory, with the runtime, after {Steps} steps; each figure from a process of its own.",
            Measured = Machine.Time(),
            Machine = machine,
            Columns = ["n", "PyTorch", "PyTorch, malloc tuned", "TorchSharp engine", "managed engine"],
            Rows = rows,
            Goals = goals,
        };
    }

    private static double OfPeer(int length, bool tunedMalloc, ref string machine)
    {
        using var peer = PyTorchPeer.Start(tunedMalloc);
        machine = Machine.Describe(peer);
        peer.Milliseconds(new JsonObject { ["do"] = "train", ["length"] = length, ["dropout"] = Dropout, ["variable"] = false, ["steps"] = Steps, ["warm"] = 0 });
        return peer.Ask(new JsonObject { ["do"] = "memory" })["megabytes"]!.GetValue<double>();
    }

    private static double OfEngine(EngineKind kind, int length)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [TrainingProcess.VerbName, $"{kind}", $"{length}"]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? double.Parse(line, CultureInfo.InvariantCulture) : throw new BenchmarkException($"The training process of the {kind} engine failed.");
    }

    /// <summary>The process that is measured.</summary>
    internal sealed class TrainingProcess : IBenchmark
    {
        public const string VerbName = "train-one";

        public string Verb => VerbName;

        public string Summary => "trains a few steps on an engine with n tokens and prints the process' peak memory in MB";

        public int Run(IReadOnlyList<string> arguments)
        {
            var (kind, length) = (Enum.Parse<EngineKind>(arguments[0]), int.Parse(arguments[1], CultureInfo.InvariantCulture));
            using (var engine = EngineFactory.CreateEngine(ReferenceModel.Configuration(kind, length, Dropout)))
            {
                var batch = ReferenceModel.Batch(ReferenceModel.BatchRows, length);
                for (var step = 0; step < Steps; step++)
                {
                    engine.Accumulate(batch, 1f / ReferenceModel.BatchRows, (ulong)step);
                    engine.Step(1e-3);
                }
            }
            using var process = Process.GetCurrentProcess();
            Console.WriteLine((process.PeakWorkingSet64 / 1048576.0).ToString(CultureInfo.InvariantCulture));
            return 0;
        }
    }
}
