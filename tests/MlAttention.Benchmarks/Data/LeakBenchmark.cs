using Microsoft.ML;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Benchmarks.Data;

/// <summary>
/// Whether a process grows: its resident memory over a million predictions and a thousand fits of each engine, after work that is
/// not counted, in which the runtime compiles for good and libtorch takes what it keeps. The tests ask the same of some thousands.
/// </summary>
/// <remarks>Each fit has a context of its own: ML.NET's keeps something for every estimator that it has fitted, 3 kB for these pipelines.</remarks>
internal sealed class LeakBenchmark : IBenchmark
{
    private const int Parts = 10;
    private const double MostMegabytes = 8;      // what the resident memory of a process moves by itself

    public string Verb => "leaks";

    public string Summary => "resident memory over a million predictions and a thousand fits of each engine; exit code 1 where it grows";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0) throw new BenchmarkException($"{Verb} takes nothing.");
        var grown = 0;
        foreach (var engine in new[] { EngineKind.Managed, EngineKind.TorchSharp })
        {
            var context = new MLContext(seed: 1);
            using var predictions = context.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(Fit(context, engine));
            var rows = TinyTexts.Rows(97, seed: 3);
            if (!IsSteady($"1,000,000 predictions, {engine}", 100_000, 1_000_000, i => predictions.Predict(rows[i % rows.Length]))) grown++;
            if (!IsSteady($"1,000 fits, {engine}", 1_000, 1_000, _ => (Fit(new MLContext(seed: 1), engine) as IDisposable)?.Dispose())) grown++;
        }
        return grown == 0 ? 0 : 1;
    }

    /// <remarks>Models are scored by the managed engine wherever it has what they are made of; it has no additive scores.</remarks>
    private static ITransformer Fit(MLContext context, EngineKind engine)
    {
        var options = TinyTexts.Classifier with { Score = engine == EngineKind.Managed ? ScoreFunction.ScaledDotProduct : ScoreFunction.Additive };
        options = options with { Training = options.Training with { Compute = options.Training.Compute with { Engine = engine } } };
        return TinyTexts.Pipeline(context, options).Fit(TinyTexts.Data(context, 53));
    }

    /// <summary>Does something so many times, after some that do not count, and writes the memory in MB before it and after each tenth.</summary>
    private static bool IsSteady(string what, int before, int times, Action<int> act)
    {
        var part = times / Parts;
        var megabytes = new List<double>();
        for (var i = 1; i <= before + times; i++)
        {
            act(i);
            if (i >= before && (i - before) % part == 0) megabytes.Add(Resident());
        }
        // A leak adds in every part; half against half leaves out what comes and goes.
        var growth = megabytes.Skip(1 + Parts / 2).Min() - megabytes.Take(1 + Parts / 2).Min();
        Console.WriteLine(FormattableString.Invariant($"{what,-34} {string.Join(' ', megabytes.Select(value => FormattableString.Invariant($"{value:F1}")))} MB: {growth:+0.0;-0.0} MB{(growth > MostMegabytes ? "  GROWS" : "")}"));
        return growth <= MostMegabytes;
    }

    private static double Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet / 1e6;
    }
}
