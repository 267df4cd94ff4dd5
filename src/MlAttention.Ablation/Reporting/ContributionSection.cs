using System.Text;
using MlAttention.Ablation.Reporting.Explorer;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting;

/// <summary>The part of a page that shows which words decided: each text with its tokens coloured and numbered, once for each method. Needs no script.</summary>
internal static class ContributionSection
{
    /// <summary>Where the part stands in the page.</summary>
    public const string Id = "decided";

    /// <summary>Its title.</summary>
    public const string Title = "Which words decided";

    /// <summary>The style sheet's part: the ground's colour and a line below, whole for and dashed against, whose strength is the number's.</summary>
    public const string Css = """
        .decided h3 { font-size: 1rem; margin: 1rem 0 0.3rem; overflow-wrap: anywhere; } .decided p { font-size: 0.875rem; margin: 0.3rem 0; overflow-wrap: anywhere; } .decided .of { font-weight: 600; }
        .decided ol { display: flex; flex-wrap: wrap; gap: 0.3rem; list-style: none; padding: 0; margin: 0.3rem 0 0.7rem; } .decided li { position: relative; z-index: 0; margin: 0; max-width: 100%; padding: 0.1rem 0.35rem; text-align: center; line-height: 1.25; border-bottom: 3px solid var(--c0); overflow-wrap: anywhere; }
        .decided li bdi { display: block; } .decided li small { font-variant-numeric: tabular-nums; } .decided li.against { border-bottom: 3px dashed var(--c1); } .decided li.neither { border-bottom-color: transparent; }
        .decided li::before { content: ""; position: absolute; inset: 0; z-index: -1; background: var(--c0); opacity: calc(0.3 * var(--share, 0)); } .decided li.against::before { background: var(--c1); }
        @media print { .decided li::before { print-color-adjust: exact; } }

        """;

    /// <summary>The part for an ablation: the first text of the main comparison's two variants; nothing where nothing was explained.</summary>
    public static string Write(OrderingAblationReport report)
    {
        if (report.Main is not { } main || report.AttentionStudy is not { } study) return "";
        return Write(
        [
            .. new[] { main.First, main.Second }.Select(variant => study.Patterns.FirstOrDefault(pattern => pattern.Positions == variant.Positions && pattern.Contributions is not null))
                .OfType<AttentionPattern>().Select(pattern => new ExploredPattern(VariantNames.Of(pattern.Positions), pattern, report.Data.Classes)),
        ]);
    }

    /// <summary>The part for texts; those without contributions are left out, and nothing is left where all are.</summary>
    public static string Write(IReadOnlyList<ExploredPattern> texts)
    {
        ExploredPattern[] explained = [.. texts.Where(text => text.Pattern.Contributions is not null)];
        if (explained.Length == 0) return "";
        var section = new StringBuilder($"<section class=\"decided\" aria-labelledby=\"{Id}\">\n<h2 id=\"{Id}\">{Title}</h2>\n")
            .Append("<p>Each number is what a token adds to the log-odds of the class, log(p / (1 − p)), in nats: above 0, with a whole line below, it speaks for the class; below 0, with a dashed line, against it. All colours have one scale. Integrated gradients add up, as far as the steps of their path are fine enough, to the log-odds of the text less those of a text of unknown words; leaving one out puts an unknown word in its place.</p>\n");
        double largest = explained.SelectMany(text => text.Pattern.Contributions!.ByMethod).SelectMany(method => method.Contributions).Select(Math.Abs).DefaultIfEmpty().Max();
        foreach (var text in explained) Append(section, text, text.Pattern.Contributions!, largest);
        return section.Append("</section>\n").ToString();
    }

    private static void Append(StringBuilder section, ExploredPattern text, TokenContributions contributions, double largest)
    {
        string label = text.Classes[contributions.Class], probability = text.Pattern.Probabilities is { } all ? Invariant($", probability {all[contributions.Class]:0.0000}") : "";
        section.Append("<h3>").Append(Escape($"{text.Name}: {label}{probability}")).Append("</h3>\n");
        foreach (var (method, numbers) in contributions.ByMethod) AppendTokens(section, $"{method}, {text.Name}", method, text.Pattern.Words, numbers, largest);
        section.Append("<p>").Append(Escape(ContributionTables.Sum(contributions))).Append("</p>\n");
    }

    private static void AppendTokens(StringBuilder section, string name, string method, IReadOnlyList<string> words, IReadOnlyList<double> contributions, double largest)
    {
        section.Append("<p class=\"of\">").Append(method).Append("</p>\n<ol aria-label=\"").Append(Escape(name)).Append("\">\n");
        for (int token = 0; token < words.Count; token++)
        {
            double share = largest == 0 ? 0 : Math.Round(Math.Abs(contributions[token]) / largest, 2);
            string kind = share == 0 ? " class=\"neither\"" : Invariant($"{(contributions[token] < 0 ? " class=\"against\"" : "")} style=\"--share: {share:0.##}\"");
            section.Append("<li").Append(kind).Append("><bdi>").Append(Escape(words[token])).Append("</bdi><small>").Append(ContributionTables.Signed(contributions[token])).Append("</small></li>\n");
        }
        section.Append("</ol>\n");
    }
}
