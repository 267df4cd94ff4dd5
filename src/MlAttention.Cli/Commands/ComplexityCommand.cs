using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Studies;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention complexity: measured time and memory of attention, LSTM and CNN, beside the theory.</summary>
internal static class ComplexityCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var longest = CommonOptions.Number("--longest", "Longest text n in tokens; from 128 in doublings.", 2048);
        var widest = CommonOptions.Number("--widest", "Largest width d; from 64 in doublings.", 1024);
        var output = new Option<string?>("--out", "-o") { Description = "An HTML file with the log-log figures to write." };
        var seed = CommonOptions.Seed();
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("complexity", "Measure how time and memory grow with the length and the width, for each attention algorithm, LSTM and CNN.") { longest, widest, seed, output, force, quiet, json };
        command.SetAction((parsed, cancellation) =>
        {
            bool silent = parsed.GetValue(quiet) || parsed.GetValue(json);
            CommonOptions.Announce(console, silent);
            OutputFile.RequireWritable(parsed.GetValue(output), parsed.GetValue(force));
            var meter = new ComplexityMeter { Seed = (uint)parsed.GetValue(seed), Lengths = Doublings(128, parsed.GetValue(longest), longest.Name), Widths = Doublings(64, parsed.GetValue(widest), widest.Name) };
            var study = meter.Measure(silent ? null : name => console.Error.WriteLine($"measuring {name}"), cancellation);
            if (parsed.GetValue(json)) console.Output.WriteLine(JsonSerializer.Serialize(study, AblationJson.Indented));
            else
            {
                ReportPrinter.Print(ReportTables.Complexity(study), console);
                ReportPrinter.Print(ReportTables.ComplexityMeasurements(study), console);
            }
            if (parsed.GetValue(output) is { } path)
            {
                string page = HtmlReport.WriteFigures("Measured complexity", [.. ComplexityPlot.DrawAll(study)]);
                OutputFile.Write(path, file => File.WriteAllText(file, page));
                if (!silent) console.Output.WriteLine($"Written: {path}");
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static int[] Doublings(int from, int to, string option)
    {
        if (to < 2 * from) throw new InputException(FormattableString.Invariant($"{option} {to}: must be at least {2 * from}, so that growth can be seen."));
        var sizes = new List<int>();
        for (int size = from; size <= to; size *= 2) sizes.Add(size);
        return [.. sizes];
    }
}
