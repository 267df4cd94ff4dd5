using System.Text;
using System.Text.Json;

namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention weights of one model on one text, as the explorer offers them.</summary>
/// <param name="Name">Which model or which text, in a few words.</param>
/// <param name="Pattern">The weights.</param>
/// <param name="Classes">The names of the classes that the pattern's probabilities belong to.</param>
internal sealed record ExploredPattern(string Name, AttentionPattern Pattern, IReadOnlyList<string> Classes)
{
    /// <summary>Tokens of the text that the model did not read.</summary>
    public int CutTokens { get; init; }
}

/// <summary>The part of a page that shows attention to hand and eye: the weights as data, and the script that draws them. Hidden where scripts do not run.</summary>
internal static class AttentionExplorer
{
    /// <summary>Where the part stands in the page.</summary>
    public const string Id = "attention";

    private const int InspectBytes = 420_000, ReportBytes = 240_000; // before base64, which makes four of three

    /// <summary>The part for an ablation's attention study, from the start the main comparison's models beside each other; nothing where there is none.</summary>
    public static string Write(OrderingAblationReport report)
    {
        if (report.AttentionStudy is not { Patterns.Count: > 0 } study) return "";
        ExploredPattern[] patterns = [.. study.Patterns.GroupBy(pattern => pattern.Positions).SelectMany(texts => texts.Select((pattern, text) => Named(report, pattern, text, texts.Count())))];
        int beside = Array.FindIndex(patterns, 1, pattern => pattern.Pattern.Positions == report.Main?.First.Positions && pattern.Pattern.Positions != patterns[0].Pattern.Positions);
        return Write(patterns, beside < 0 ? null : beside, ReportBytes);
    }

    /// <summary>The part for one text, or for two side by side.</summary>
    public static string Write(IReadOnlyList<ExploredPattern> texts) => Write(texts, texts.Count > 1 ? 1 : null, InspectBytes);

    private static ExploredPattern Named(OrderingAblationReport report, AttentionPattern pattern, int text, int texts) =>
        new($"{VariantNames.Of(pattern.Positions)}{(texts > 1 ? Invariant($", text {text + 1}") : "")}", pattern, report.Data.Classes);

    /// <param name="patterns">The patterns, the one that is shown first in front.</param>
    /// <param name="beside">The pattern that stands beside it from the start; null for none.</param>
    /// <param name="bytes">The room for all weights.</param>
    private static string Write(IReadOnlyList<ExploredPattern> patterns, int? beside, int bytes)
    {
        // The encoder leaves no character that could end the element, and none that turns the direction of a text.
        string data = JsonSerializer.Serialize(new { unit = AttentionWeightStream.Unit, beside, patterns = patterns.Select(pattern => Data(pattern, bytes / patterns.Count)) }, AblationJson.Options);
        return new StringBuilder()
            .Append("<section class=\"attention\" aria-labelledby=\"").Append(Id).Append("\" hidden=\"\">\n<h2 id=\"").Append(Id).Append("\">Attention, token by token</h2>\n")
            .Append("<script type=\"application/json\">").Append(data).Append("</script>\n</section>\n").ToString();
    }

    private static object Data(ExploredPattern explored, int bytes)
    {
        var pattern = explored.Pattern;
        int length = pattern.Tokens.Count, least = AttentionWeightStream.Least(pattern, bytes);
        return new
        {
            explored.Name,
            Tokens = pattern.Words,
            Unknown = (pattern.UnknownWords ?? []).Select(word => word.Token),
            explored.CutTokens,
            Classes = pattern.Probabilities is null ? [] : explored.Classes,
            Probabilities = pattern.Probabilities ?? [],
            pattern.Label,
            Least = least,
            Blocks = AttentionWeightStream.Blocks(length),
            Heads = pattern.Heads.Select(head => new
            {
                Layer = head.Layer + 1,
                Head = head.Head + 1,
                head.Entropy,
                head.MeanDistance,
                head.DiagonalShare,
                head.PreviousShare,
                Carried = Math.Round(AttentionWeightStream.Share(head, least), 4),
                Weights = AttentionWeightStream.Encode(head, length, least),
                Rest = least > 1 ? AttentionWeightStream.Rest(head, length, least) : null,
            }),
        };
    }
}
