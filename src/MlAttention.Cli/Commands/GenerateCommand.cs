using MlAttention.Cli.Datasets;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention generate: writes one of the example data sets, each a subcommand.</summary>
internal sealed class GenerateCommand : CliCommand
{
    private readonly DatasetGenerator _generator;
    private readonly Option<int> _rows, _seed = CommonOptions.Seed();
    private readonly Option<string> _output = new("--out", "-o") { Description = "The CSV file to write.", Required = true };

    private GenerateCommand(CliConsole console, DatasetGenerator generator)
        : base(console, generator.Name, char.ToUpperInvariant(generator.Description[0]) + generator.Description[1..] + ".")
    {
        _generator = generator;
        _rows = CommonOptions.Number("--rows", "How many rows.", generator.DefaultRows);
        Declare([_rows, _seed, _output, .. Common]);
    }

    /// <summary>The command above those of the data sets.</summary>
    public static Command OfAll(CliConsole console)
    {
        var command = new Command("generate", "Write one of the example data sets; the same rows and seed always give the same file.");
        foreach (var generator in DatasetGenerator.All) command.Add(new GenerateCommand(console, generator));
        return command;
    }

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_output);
        int rows = parsed.GetValue(_rows), seed = parsed.GetValue(_seed);
        Announce(parsed);
        OutputFile.RequireWritable(file, Force(parsed));
        OutputFile.WriteText(file, _generator.ToCsv(rows, seed));
        if (Json(parsed)) Console.Output.WriteLine(JsonSerializer.Serialize(new { dataset = _generator.Name, rows, seed, file }));
        else if (!Quiet(parsed)) Console.Output.WriteLine(FormattableString.Invariant($"{file}: {rows} rows of {_generator.Name}, seed {seed}"));
        return ExitCode.Success;
    }
}
