using System.Text.Json.Nodes;
using MlAttention.Ablation.Reporting.Explorer;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Cli.Output;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention inspect: what the heads of a saved classifier look at in a text.</summary>
internal sealed class InspectCommand : CliCommand
{
    private static readonly string[] s_names = ["First text", "Second text"];
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Argument<string[]> _text = new("text") { Description = "The text to look at; of a model of pairs, both texts.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]?> _beside = new("--beside") { Description = "A second text, such as the same words in another order: shown beside the first, with the difference of what words look at that both have; of a model of pairs given twice, for each of its texts." };
    private readonly Option<string?> _output = new("--out", "-o") { Description = "An HTML file to write: every head, with lines between the tokens and as a matrix." };

    private readonly Option<string?> _png = new("--png") { Description = "A folder for every head and for what positions add, each as an SVG and a PNG file." };
    private readonly Option<string?> _head = new("--head") { Description = "Layer and head to map on the terminal, for example 2.3; without it the head that looks furthest from evenly." };

    private readonly Option<string?> _label = new("--label") { Description = "The label whose words for and against are shown; without it the predicted one." };
    private readonly Option<int> _steps = CommonOptions.Number("--steps", $"Points at which integrated gradients ask the model, from 1 to {ExplanationOptions.MaxSteps}.", new ExplanationOptions().Steps);

    public InspectCommand(CliConsole console) : base(console, "inspect", "Show which words of a text decided what a saved classifier says, what its attention heads look at, and what its positions add.") =>
        Declare([_model, _text, _beside, _output, _png, _head, _label, _steps, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        OutputFile.RequireWritable(parsed.GetValue(_output), Force(parsed));
        FigureFiles.RequireFolder(parsed.GetValue(_png), Force(parsed));
        if (parsed.GetValue(_steps) is < 1 or > ExplanationOptions.MaxSteps) throw new InputException(FormattableString.Invariant($"{_steps.Name} {parsed.GetValue(_steps)}: give a number from 1 to {ExplanationOptions.MaxSteps}."));
        var context = new MLContext(seed: 1);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        var text = Read(parsed.GetValue(_text)!, "text");
        var beside = parsed.GetValue(_beside) is { Length: > 0 } second ? Read(second, "text of --beside") : null;
        InspectedText[] texts = beside is null ? [text] : [text, beside];
        _ = Head(text.Pattern, parsed.GetValue(_head));
        if (Json(parsed)) Console.Output.WriteLine(Result(text, beside).ToJsonString(AblationJson.Indented));
        else foreach (var shown in texts) Print(shown, parsed.GetValue(_head));
        foreach (var cut in texts.Where(cut => cut.CutTokens > 0)) Console.Error.WriteLine($"warning: {Remark(cut)}. Train with a larger --max-length to read it whole.");
        if (parsed.GetValue(_output) is { } path)
        {
            var trained = SavedModel.ClassifierOf(model).Model;
            ExploredPattern[] patterns = [.. texts.Select((shown, index) => new ExploredPattern(texts.Length == 1 ? "The text" : s_names[index], shown.Pattern, shown.Labels) { CutTokens = shown.CutTokens })];
            OutputFile.WriteText(path, AttentionPage.Write(string.Join(" / ", texts.Select(shown => shown.Text)), string.Join(" — ", texts.Select((shown, index) => texts.Length == 1 ? Strip(shown) : $"{s_names[index]}: {Strip(shown)}")), patterns, [.. PositionPictures.Of(trained.Architecture, trained.Weights, areTitled: false)]));
            TellWritten(parsed, path);
        }
        if (parsed.GetValue(_png) is { } folder)
        {
            var files = FigureFiles.Write(Pictures(SavedModel.ClassifierOf(model).Model, texts), folder);
            TellWritten(parsed, $"{folder}, {ReportText.Counted(files.Count, "figure")} as SVG and PNG");
        }
        return ExitCode.Success;

        InspectedText Read(string[] written, string option) => InspectedText.Read(context, model, written, option, parsed.GetValue(_label), new() { Steps = parsed.GetValue(_steps) });
    }

    private void Print(InspectedText text, string? head)
    {
        var unknown = text.Pattern.UnknownWords ?? [];
        var marked = unknown.Select(word => word.Token).ToHashSet();
        Console.Output.WriteLine(FormattableString.Invariant($"Predicted: {text.Labels[text.Predicted]}, probability {text.Probability:0.0000}"));
        Console.Output.WriteLine($"Tokens: {string.Join(" | ", text.Pattern.Words.Select((word, index) => marked.Contains(index) ? $"{word} (unknown)" : word))}{(unknown.Count == 0 ? "" : FormattableString.Invariant($"; {unknown.Count} unknown to the model"))}");
        var contributions = text.Pattern.Contributions!;
        ReportPrinter.Print(ContributionTables.Tokens([.. text.Pattern.Words.Select(HeadMap.Printable)], contributions, text.Labels[contributions.Class]), Console);
        Console.Output.WriteLine(ContributionTables.Sum(contributions));
        ReportPrinter.Print(ReportTables.Attention(new AttentionStudy([text.Pattern])), Console);
        foreach (string line in HeadMap.Lines(text.Pattern, Head(text.Pattern, head), Console.Width)) Console.Output.WriteLine(line);
    }

    private static AttentionHead Head(AttentionPattern pattern, string? name)
    {
        if (name is null) return pattern.Heads.MinBy(head => head.Entropy)!;
        return pattern.Heads.FirstOrDefault(head => FormattableString.Invariant($"{head.Layer + 1}.{head.Head + 1}") == name)
            ?? throw new InputException(FormattableString.Invariant($"--head {name}: give a layer from 1 to {pattern.Heads.Max(head => head.Layer) + 1} and a head from 1 to {pattern.Heads.Max(head => head.Head) + 1}, for example 1.2."));
    }

    private static IEnumerable<(string Name, string Svg)> Pictures(AttentionClassifierModel model, InspectedText[] texts) =>
    [
        .. PositionPictures.Of(model.Architecture, model.Weights, areTitled: true).Select(picture => (picture.Id, picture.Svg)),
        .. from text in texts
           from head in text.Pattern.Heads
           select (FormattableString.Invariant($"{(text == texts[0] ? "" : "beside-")}layer-{head.Layer + 1}-head-{head.Head + 1}"), AttentionHeatMap.DrawHead(text.Pattern, head)),
    ];

    private static string Strip(InspectedText text) =>
        FormattableString.Invariant($"Predicted: {text.Labels[text.Predicted]}, probability {text.Probability:0.0000} · {ReportText.Counted(text.Pattern.Tokens.Count, "token")}, {ReportText.Count(text.Pattern.UnknownWords?.Count ?? 0)} unknown to the model{(text.CutTokens > 0 ? $" · {Remark(text)}" : "")} · {ReportText.Counted(text.Pattern.Heads.Count, "head")}");

    private static string Remark(InspectedText text) =>
        $"The text has {ReportText.Counted(text.CutTokens, "token")} more than the {ReportText.Count(text.Pattern.Tokens.Count)} that the model reads, and is cut";

    private static JsonObject Result(InspectedText text, InspectedText? beside)
    {
        var result = JsonSerializer.SerializeToNode(Result(text), AblationJson.Indented)!.AsObject();
        if (beside is not null) result.Add("beside", Result(beside, null));
        return result;
    }

    /// <summary>What --json gives of a text; layers and heads count from 1, as in the table.</summary>
    private static object Result(InspectedText text) => new
    {
        label = text.Labels[text.Predicted],
        probability = (float)text.Probability,
        unknownTokens = text.Pattern.UnknownWords?.Count ?? 0,
        text.Pattern.Positions,
        text.Pattern.Tokens,
        unknownWords = text.Pattern.UnknownWords ?? [],
        cutTokens = text.CutTokens,
        probabilities = text.Labels.Zip(text.Pattern.Probabilities!, (label, probability) => new { label, probability = (float)probability }),
        contributions = Contributions(text.Pattern.Contributions!, text.Labels),
        heads = text.Pattern.Heads.Select(head => head with { Layer = head.Layer + 1, Head = head.Head + 1 }),
    };

    private static object Contributions(TokenContributions contributions, IReadOnlyList<string> labels) => new
    {
        label = labels[contributions.Class],
        contributions.IntegratedGradients,
        contributions.LeaveOneOut,
        contributions.LogOdds,
        contributions.BaselineLogOdds,
        contributions.Agreement,
    };
}
