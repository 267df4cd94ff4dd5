using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Studies;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention complexity: measured time and memory of attention, LSTM and CNN, beside the theory.</summary>
internal sealed class ComplexityCommand : CliCommand
{
    private readonly Option<int> _longest = CommonOptions.Number("--longest", "Longest text n in tokens; from 128 in doublings.", 2048);
    private readonly Option<int> _widest = CommonOptions.Number("--widest", "Largest width d; from 64 in doublings.", 1024);
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<string?> _output = new("--out", "-o") { Description = "An HTML file with the log-log figures to write." };

    public ComplexityCommand(CliConsole console) : base(console, "complexity", "Measure how time and memory grow with the length and the width, for each attention algorithm, LSTM and CNN.") =>
        Declare([_longest, _widest, _seed, _output, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        OutputFile.RequireWritable(parsed.GetValue(_output), Force(parsed));
        var meter = new ComplexityMeter { Seed = (uint)parsed.GetValue(_seed), Lengths = Doublings(128, parsed, _longest), Widths = Doublings(64, parsed, _widest) };
        var study = meter.Measure(Silent(parsed) ? null : name => Console.Error.WriteLine($"measuring {name}"), cancellation);
        if (Json(parsed)) Console.Output.WriteLine(JsonSerializer.Serialize(study, AblationJson.Indented));
        else
        {
            ReportPrinter.Print(ReportTables.Complexity(study), Console);
            ReportPrinter.Print(ReportTables.ComplexityMeasurements(study), Console);
        }
        if (parsed.GetValue(_output) is { } path)
        {
            OutputFile.WriteText(path, HtmlReport.WriteFigures("Measured complexity", [.. ComplexityPlot.DrawAll(study)]));
            TellWritten(parsed, path);
        }
        return ExitCode.Success;
    }

    private static int[] Doublings(int from, ParseResult parsed, Option<int> option)
    {
        int to = parsed.GetValue(option);
        if (to < 2 * from) throw new InputException(FormattableString.Invariant($"{option.Name} {to}: must be at least {2 * from}, so that growth can be seen."));
        var sizes = new List<int>();
        for (int size = from; size <= to; size *= 2) sizes.Add(size);
        return [.. sizes];
    }
}
