using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>Fine-tunes a pretrained encoder on a CSV file over several seeds: accuracy on the dev rows and, where they are given, on test rows; time; peak memory.</summary>
/// <remarks>Options chosen by it are chosen without --test, on the rows held out for validation alone.</remarks>
internal sealed class FineTuneBenchmark : IBenchmark
{
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "fine-tune";

    public string Summary => "<encoder folder> <train.csv> [test=<test.csv>] [seeds=1,2,3] [option=value ...]: accuracy of each seed, seconds an epoch, peak memory; options: " + string.Join(", ", FineTuneSettings.Names);

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments.Skip(2).Any(argument => !argument.Contains('=', StringComparison.Ordinal)))
            throw new BenchmarkException($"{Verb}: {Summary}");
        var encoder = PretrainedEncoder.Load(arguments[0]);
        var settings = FineTuneSettings.Parse(arguments.Skip(2));
        var train = _context.Attention().LoadCsv(arguments[1]);
        var test = settings.Test is { } path ? _context.Attention().LoadCsv(path) : null;
        List<double> dev = [], accuracies = [];
        foreach (var seed in settings.Seeds)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // what the seed before has left is no part of this one's memory
            var (best, tested) = Measure(encoder, settings, seed, train, test);
            dev.Add(best);
            if (tested is { } accuracy) accuracies.Add(accuracy);
        }
        Print($"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(arguments[1])))} {settings}");
        Print($"dev  {Line(dev)}");
        if (accuracies.Count > 0) Print($"test {Line(accuracies)}");
        return 0;
    }

    /// <summary>The accuracy on the dev rows and, where there are any, on the test rows. A method of its own, so that nothing of it stays.</summary>
    private (double Dev, double? Test) Measure(PretrainedEncoder encoder, FineTuneSettings settings, int seed, IDataView train, IDataView? test)
    {
        var watch = Stopwatch.StartNew();
        var model = Pipeline(encoder, settings, seed).Fit(train);
        var history = ((IEnumerable<ITransformer>)model).OfType<AttentionClassifierTransformer>().Single().Model.History;
        foreach (var epoch in history) Print($"  seed {seed} epoch {epoch.Epoch}: loss {epoch.TrainingLoss:F4}, dev loss {epoch.ValidationLoss:F4}, dev accuracy {100 * epoch.ValidationAccuracy:F2} %, {epoch.Duration.TotalSeconds:F1} s{(epoch.IsBest ? " *" : "")}");
        double dev = history.Max(epoch => epoch.ValidationAccuracy ?? 0);
        Print($"  seed {seed}: {watch.Elapsed.TotalSeconds:F0} s in all, {Environment.WorkingSet / 1e6:F0} MB now, {PeakMegabytes()} MB at most");
        if (test is null) return (dev, null);
        double accuracy = _context.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        Print($"  seed {seed}: test accuracy {100 * accuracy:F2} %");
        return (dev, accuracy);
    }

    private IEstimator<ITransformer> Pipeline(PretrainedEncoder encoder, FineTuneSettings settings, int seed)
    {
        var options = settings.Apply(new AttentionClassifierOptions(encoder));
        return _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Attention().TokenizeSequence("Tokens", "Text", encoder))
            .Append(_context.Attention().Classifier(options with { Training = options.Training with { Seed = seed } }));
    }

    private static string Line(List<double> values) =>
        FormattableString.Invariant($"mean {100 * values.Average():F2} % ({string.Join(" ", values.Select(value => (100 * value).ToString("F2", CultureInfo.InvariantCulture)))})");

    /// <summary>The process's peak of resident memory so far.</summary>
    private static string PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return (process.PeakWorkingSet64 / 1e6).ToString("F0", CultureInfo.InvariantCulture);
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}

/// <summary>What a call changes of the defaults.</summary>
internal sealed record FineTuneSettings
{
    private static readonly Dictionary<string, Func<AttentionClassifierOptions, string, AttentionClassifierOptions>> s_options = new()
    {
        ["epochs"] = (options, value) => options with { Training = options.Training with { Epochs = int.Parse(value, CultureInfo.InvariantCulture) } },
        ["patience"] = (options, value) => options with { Training = options.Training with { Patience = int.Parse(value, CultureInfo.InvariantCulture) } },
        ["batch"] = (options, value) => options with { Training = options.Training with { BatchSize = int.Parse(value, CultureInfo.InvariantCulture) } },
        ["smoothing"] = (options, value) => options with { Training = options.Training with { LabelSmoothing = Number(value) } },
        ["frozen"] = (options, value) => options with { Training = options.Training with { FrozenLayers = int.Parse(value, CultureInfo.InvariantCulture) } },
        ["validation"] = (options, value) => options with { Training = options.Training with { ValidationFraction = Number(value) } },
        ["engine"] = (options, value) => options with { Training = options.Training with { Compute = options.Training.Compute with { Engine = Enum.Parse<EngineKind>(value, ignoreCase: true) } } },
        ["threads"] = (options, value) => options with { Training = options.Training with { Compute = options.Training.Compute with { Threads = int.Parse(value, CultureInfo.InvariantCulture) } } },
        ["rate"] = (options, value) => Optimizer(options, optimizer => optimizer with { LearningRate = Number(value) }),
        ["head"] = (options, value) => Optimizer(options, optimizer => optimizer with { HeadRate = Number(value) }),
        ["layerdecay"] = (options, value) => Optimizer(options, optimizer => optimizer with { LayerDecay = Number(value) }),
        ["decay"] = (options, value) => Optimizer(options, optimizer => optimizer with { WeightDecay = Number(value) }),
        ["clip"] = (options, value) => Optimizer(options, optimizer => optimizer with { MaxGradientNorm = Number(value) }),
        ["warmup"] = (options, value) => Optimizer(options, optimizer => optimizer with { WarmupFraction = Number(value) }),
        ["schedule"] = (options, value) => Optimizer(options, optimizer => optimizer with { Schedule = Enum.Parse<LearningRateSchedule>(value, ignoreCase: true) }),
        ["dropout"] = (options, value) => options with { Dropout = Number(value) },
        ["pooling"] = (options, value) => options with { Pooling = Enum.Parse<PoolingKind>(value, ignoreCase: true) },
        ["length"] = (options, value) => options with { MaxLength = int.Parse(value, CultureInfo.InvariantCulture) },
    };

    private IReadOnlyList<(string Name, string Value)> _changes = [];

    /// <summary>The options that can be given.</summary>
    public static IEnumerable<string> Names => s_options.Keys;

    /// <summary>The rows that are tested at the end; null for none.</summary>
    public string? Test { get; private init; }

    /// <summary>One run for each.</summary>
    public IReadOnlyList<int> Seeds { get; private init; } = [1, 2, 3];

    /// <exception cref="BenchmarkException">There is no such option.</exception>
    public static FineTuneSettings Parse(IEnumerable<string> arguments)
    {
        var pairs = arguments.Select(argument => argument.Split('=', 2)).Select(parts => (Name: parts[0], Value: parts[1])).ToList();
        string? test = pairs.Find(pair => pair.Name == "test").Value, seeds = pairs.Find(pair => pair.Name == "seeds").Value;
        pairs.RemoveAll(pair => pair.Name is "test" or "seeds");
        if (pairs.Find(pair => !s_options.ContainsKey(pair.Name)).Name is { } unknown) throw new BenchmarkException($"'{unknown}' is none of test, seeds, {string.Join(", ", Names)}.");
        var settings = new FineTuneSettings { Test = test, _changes = pairs };
        return seeds is null ? settings : settings with { Seeds = [.. seeds.Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))] };
    }

    /// <summary>The options with the changes.</summary>
    public AttentionClassifierOptions Apply(AttentionClassifierOptions options) => _changes.Aggregate(options, (changed, change) => s_options[change.Name](changed, change.Value));

    public override string ToString() => _changes.Count == 0 ? "defaults" : string.Join(" ", _changes.Select(change => $"{change.Name}={change.Value}"));

    private static AttentionClassifierOptions Optimizer(AttentionClassifierOptions options, Func<OptimizerOptions, OptimizerOptions> change) =>
        options with { Training = options.Training with { Optimizer = change(options.Training.Optimizer) } };

    private static double Number(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
