using System.Diagnostics;
using System.Globalization;
using MlAttention.Benchmarks.Comparison.Contestants;
using TorchSharp;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>The process whose memory <see cref="MemoryGroup"/> measures.</summary>
internal sealed class TrainingProcess : IBenchmark
{
    public const string VerbName = "train-one";
    public const int Steps = 8;
    public const double Dropout = 0.1;

    public string Verb => VerbName;

    public string Summary => $"trains {Steps} steps, or so many as are given, and prints the process' peak memory in MB: <{string.Join('|', Roster.Names)}> <{string.Join('|', ReferenceModel.All.Select(model => model.Name))}> <batch> <n> [steps]";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count is not (4 or 5) || arguments is not [var name, var size, var rows, var length, ..]
            || Roster.All.FirstOrDefault(other => other.Name == name) is not { } contestant || ReferenceModel.All.FirstOrDefault(other => other.Name == size) is not { } model)
        {
            Console.Error.WriteLine($"{Verb}: {Summary}");
            return 2;
        }
        if (contestant is PeerContestant) torch.set_num_threads(1);
        var setting = new Setting(model, int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(length, CultureInfo.InvariantCulture)) { Dropout = Dropout };
        var steps = arguments.Count == 5 ? int.Parse(arguments[4], CultureInfo.InvariantCulture) : Steps;
        using (var training = contestant.Train(setting))
            for (var step = 0; step < steps; step++) training.Run();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine((process.PeakWorkingSet64 / 1048576.0).ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
