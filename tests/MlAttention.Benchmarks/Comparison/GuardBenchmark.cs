using MlAttention.Benchmarks.Comparison.Contestants;
using MlAttention.Benchmarks.Kernels;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>
/// Whether the managed engine has become slower: its times as multiples of its own 512x512 product in the same turns, so that the
/// machine's speed does not count, beside the most that they may be. A minute; for before and after a change.
/// </summary>
internal sealed class GuardBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const string Product = "512x512 product";

    // About a tenth above what is measured where nothing else runs.
    private static readonly (string What, bool Trains, Setting Setting, double Most)[] _cases =
    [
        ("training, width 64, n = 32", true, new(ReferenceModel.Small, 32, 32), 1.55),
        ("training, width 64, n = 128", true, new(ReferenceModel.Small, 32, 128), 1.45),
        ("training, MiniLM's size, n = 32", true, new(ReferenceModel.MiniLm, 16, 32), 1.35),
        ("scoring, width 64, n = 32", false, new(ReferenceModel.Small, 1, 32), 1.35),
        ("scoring, MiniLM's size, n = 16", false, new(ReferenceModel.MiniLm, 1, 16), 1.6),
        ("scoring, MiniLM's size, n = 32, batch 32", false, new(ReferenceModel.MiniLm, 32, 32), 1.2),
    ];

    public string Verb => "guard";

    public string Summary => "whether the managed engine has become slower, as multiples of its matrix product in the same turns; exit code 1 where one is above its limit";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0) throw new BenchmarkException("guard takes nothing.");
        using var product = MatrixProduct.Create(LibTorchProduct.Size);
        foreach (var (_, trains, setting, _) in _cases)
        {
            using var work = Work(trains, setting);
            Stopwatches.WarmUp(work.Run);                       // what the cases share is compiled for good before any is measured
        }
        var slower = 0;
        foreach (var (what, trains, setting, most) in _cases)
        {
            using var work = Work(trains, setting);
            var times = Turn.Alternate(Rounds, Turn.Of(Product, product.Multiply), Turn.Of(what, work.Run));
            var operations = trains ? setting.StepOperations : setting.ScoreOperations;
            var floor = operations / (2.0 * LibTorchProduct.Size * LibTorchProduct.Size * LibTorchProduct.Size) * times[Product];
            var ratio = times[what] / floor;
            if (ratio > most) slower++;
            Console.WriteLine(FormattableString.Invariant($"{what,-42} {ratio:F2} of its products' time, at most {most:F2}{(ratio > most ? "  SLOWER" : "")}"));
        }
        return slower == 0 ? 0 : 1;
    }

    private static Repetition Work(bool trains, Setting setting) =>
        trains ? Roster.Managed.Train(setting) : Roster.Managed.Score(setting, new float[setting.Rows * ReferenceModel.Classes]);
}
