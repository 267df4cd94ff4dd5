using MlAttention.Cli.Datasets;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention generate: writes one of the example data sets.</summary>
internal static class GenerateCommand
{
    /// <summary>Builds the command with one subcommand for each data set.</summary>
    public static Command Create(CliConsole console)
    {
        var command = new Command("generate", "Write one of the example data sets; the same rows and seed always give the same file.");
        foreach (var generator in DatasetGenerator.All) command.Add(Create(generator, console));
        return command;
    }

    private static Command Create(DatasetGenerator generator, CliConsole console)
    {
        var rows = CommonOptions.Number("--rows", "How many rows.", generator.DefaultRows);
        var seed = CommonOptions.Seed();
        var output = new Option<string>("--out", "-o") { Description = "The CSV file to write.", Required = true };
        var force = CommonOptions.Force();
        var quiet = CommonOptions.Quiet();
        var json = CommonOptions.Json();
        var command = new Command(generator.Name, char.ToUpperInvariant(generator.Description[0]) + generator.Description[1..] + ".") { rows, seed, output, force, quiet, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(output);
            int count = parsed.GetValue(rows), start = parsed.GetValue(seed);
            bool asJson = parsed.GetValue(json);
            CommonOptions.Announce(console, parsed.GetValue(quiet) || asJson);
            OutputFile.RequireWritable(path, parsed.GetValue(force));
            string csv = generator.ToCsv(count, start);
            OutputFile.Write(path, file => File.WriteAllText(file, csv));
            if (asJson) console.Output.WriteLine(JsonSerializer.Serialize(new { dataset = generator.Name, rows = count, seed = start, file = path }));
            else if (!parsed.GetValue(quiet)) console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {count} rows of {generator.Name}, seed {start}"));
            return ExitCode.Success;
        });
        return command;
    }
}
