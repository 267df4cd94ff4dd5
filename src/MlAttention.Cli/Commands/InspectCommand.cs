using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;
using MlAttention.Schema;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention inspect: what the heads of a saved classifier look at in a text.</summary>
internal sealed class InspectCommand : CliCommand
{
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Argument<string> _text = new("text") { Description = "The text to look at." };
    private readonly Option<string?> _output = new("--out", "-o") { Description = "An HTML file with the figures to write." };

    public InspectCommand(CliConsole console) : base(console, "inspect", "Show what each attention head of a saved classifier looks at in a text, and what its positions add.") =>
        Declare([_model, _text, _output, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        OutputFile.RequireWritable(parsed.GetValue(_output), Force(parsed));
        var context = new MLContext(seed: 1);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        string text = parsed.GetValue(_text)!;
        var (pattern, label, probability, unknown) = Read(context, model, text);
        if (Json(parsed))
        {
            // Layers and heads count from 1, as in the table.
            var heads = pattern.Heads.Select(head => head with { Layer = head.Layer + 1, Head = head.Head + 1 });
            Console.Output.WriteLine(JsonSerializer.Serialize(new { label, probability, unknownTokens = unknown, pattern.Positions, pattern.Tokens, heads }, AblationJson.Indented));
        }
        else
        {
            Console.Output.WriteLine(FormattableString.Invariant($"Predicted: {label}, probability {probability:0.0000}"));
            Console.Output.WriteLine($"Tokens: {string.Join(" | ", pattern.Tokens)}{(unknown == 0 ? "" : FormattableString.Invariant($"; {unknown} unknown to the model"))}");
            ReportPrinter.Print(ReportTables.Attention(new AttentionStudy([pattern])), Console);
        }
        if (parsed.GetValue(_output) is { } path)
        {
            OutputFile.WriteText(path, HtmlReport.WriteFigures($"Attention: {text}", [.. Figures(SavedModel.ClassifierOf(model).Model, pattern)]));
            TellWritten(parsed, path);
        }
        return ExitCode.Success;
    }

    private static IEnumerable<(string Caption, string Svg)> Figures(AttentionClassifierModel model, AttentionPattern pattern) =>
    [
        .. PositionPattern.Of(model.Architecture, model.Weights) is { } positions ? new[] { (positions.Title, PositionHeatMap.Draw("positions", positions)) } : [],
        .. pattern.Heads.Select(head => (FormattableString.Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), AttentionHeatMap.DrawHead(pattern, head))),
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
