using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;
using MlAttention.Schema;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention inspect: what the heads of a saved classifier look at in a text.</summary>
internal static class InspectCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var model = SavedModel.Argument();
        var text = new Argument<string>("text") { Description = "The text to look at." };
        var output = new Option<string?>("--out", "-o") { Description = "An HTML file with the figures to write." };
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("inspect", "Show what each attention head of a saved classifier looks at in a text, and what its positions add.") { model, text, output, force, quiet, json };
        command.SetAction(parsed =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            OutputFile.RequireWritable(parsed.GetValue(output), parsed.GetValue(force));
            var context = new MLContext(seed: 1);
            var transformer = SavedModel.Load(context, parsed.GetValue(model)!);
            var (pattern, label, probability, unknown) = Read(context, transformer, parsed.GetValue(text)!);
            if (parsed.GetValue(json))
            {
                // Layers and heads count from 1, as in the table.
                var heads = pattern.Heads.Select(head => head with { Layer = head.Layer + 1, Head = head.Head + 1 });
                console.Output.WriteLine(JsonSerializer.Serialize(new { label, probability, unknownTokens = unknown, pattern.Positions, pattern.Tokens, heads }, AblationJson.Indented));
            }
            else
            {
                console.Output.WriteLine(FormattableString.Invariant($"Predicted: {label}, probability {probability:0.0000}"));
                console.Output.WriteLine($"Tokens: {string.Join(" | ", pattern.Tokens)}{(unknown == 0 ? "" : FormattableString.Invariant($"; {unknown} unknown to the model"))}");
                ReportPrinter.Print(ReportTables.Attention(new AttentionStudy([pattern])), console);
            }
            if (parsed.GetValue(output) is { } path)
            {
                string page = HtmlReport.WriteFigures($"Attention: {parsed.GetValue(text)}", [.. Figures(SavedModel.ClassifierOf(transformer).Model, pattern)]);
                OutputFile.Write(path, file => File.WriteAllText(file, page));
                if (!parsed.GetValue(quiet) && !parsed.GetValue(json)) console.Output.WriteLine($"Written: {path}");
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static IEnumerable<string> Figures(AttentionClassifierModel model, AttentionPattern pattern) =>
    [
        .. PositionPattern.Of(model.Architecture, model.Weights) is { } positions ? new[] { PositionHeatMap.Draw("positions", positions) } : [],
        .. pattern.Heads.Select(head => AttentionHeatMap.DrawHead(pattern, head)),
    ];

    private static (AttentionPattern Pattern, string Label, float Probability, int UnknownTokens) Read(MLContext context, ITransformer model, string text)
    {
        var classifier = SavedModel.ClassifierOf(model);
        var trained = classifier.Model;
        if (trained.Architecture.Encoder != EncoderKind.Attention) throw new InputException($"The model's encoder is {trained.Architecture.Encoder}, which has no attention to show.");
        var transformed = SavedModel.Score(context, model, TextRows.Of(context, [text]));
        int[] keys = [.. transformed.GetColumn<uint[]>(classifier.FeatureColumnName).Single().Select(key => (int)key)];
        if (keys.Length == 0) throw new InputException("The text has no tokens.");
        var pattern = AttentionReader.Read(trained, new TokenMapper(trained.Architecture, trained.VocabularySize).FromKeys(keys), transformed.Schema[classifier.FeatureColumnName].KeyTexts());
        return (pattern, transformed.GetColumn<string>(SavedModel.PredictedText).Single(), transformed.GetColumn<float[]>("Score").Single().Max(), keys.Count(key => key == 0));
    }
}
