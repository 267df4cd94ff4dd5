using System.Text;
using MlAttention.Ablation.Reporting.Figures;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting.Playground;

/// <summary>The part of the page in which words are moved and two models answer; or the sentence that says why it is not there.</summary>
internal static class PlaygroundSection
{
    /// <summary>What stands in the page's contents and above the part.</summary>
    public const string Title = "Playground: move the words";

    /// <summary>Whether the page has the part.</summary>
    public static bool IsIn(OrderingAblationReport report) => report.Playground is { } study && study.Models.All(trained => Fits(report, study, trained));

    /// <summary>Appends the part.</summary>
    public static void Append(StringBuilder page, OrderingAblationReport report)
    {
        if (!IsIn(report) || report.Playground is not { } study) return;
        string names = List([.. study.Models.Select(trained => trained.Variant.Name)]);
        page.Append("<section id=\"playground\" class=\"screen\">\n<h2>").Append(Title).Append("</h2>\n<noscript><p>Here two of the models run in the page and answer while words are moved. That needs scripts, and this browser runs none.</p></noscript>\n<template>\n<p>")
            .Append(Escape($"The models of seed {study.Seed}, {names}, run in this page: drag a word, or go to it with the Tab key and move it with the arrow keys, and see who notices. Their weights are rounded to 16 bits."))
            .Append("</p>\n");
        AppendControls(page, report);
        page.Append("<div class=\"models\">\n");
        foreach (var trained in study.Models) AppendModel(page, report.Data.Classes, trained.Variant);
        page.Append("</div>\n<pre hidden=\"\">").Append(PlaygroundData.Of(report, study).ToJson()).Append("</pre>\n</template>\n</section>\n");
    }

    private static void AppendControls(StringBuilder page, OrderingAblationReport report)
    {
        page.Append("<div class=\"tools\"><select aria-label=\"Test text\"><option value=\"\">a text of your own</option>");
        foreach (var text in report.Texts?.Texts ?? []) page.Append(Invariant($"<option value=\"{text.Label}\">")).Append(Escape($"{report.Data.Classes[text.Label]}: {text.Text}")).Append("</option>");
        page.Append("</select> <input type=\"text\" aria-label=\"Text\" spellcheck=\"false\"/> <button type=\"button\">Shuffle</button> <button type=\"button\">Back</button> ")
            .Append("<select aria-label=\"Whose attention is shown\"><option value=\"\">attention: mean of all heads</option>");
        int heads = report.Plan.Model.Heads;
        for (int head = 0; head < report.Plan.Model.Layers * heads; head++) page.Append(Invariant($"<option value=\"{head}\">attention: layer {head / heads + 1}, head {head % heads + 1}</option>"));
        page.Append("</select></div>\n<ol class=\"words\" aria-label=\"The words in their order\"></ol>\n<p class=\"note\"></p>\n<p role=\"status\"></p>\n");
    }

    private static void AppendModel(StringBuilder page, IReadOnlyList<string> classes, AblationVariant variant)
    {
        string color = Invariant($"var(--c{SeriesStyle.Of(variant)})");
        page.Append("<div><h3 style=\"border-color: ").Append(color).Append("\">").Append(Escape(variant.Name)).Append("</h3><p class=\"answer\"></p><ul>");
        foreach (string name in classes) page.Append("<li><span>").Append(Escape(name)).Append("</span><span aria-hidden=\"true\"><i style=\"background: ").Append(color).Append("\"></i><b></b></span><span></span></li>");
        page.Append("</ul><p></p><div class=\"attention\"></div></div>\n");
    }

    /// <summary>Why the page does not have the part, and what gives it one; null where it has it or where nothing is compared.</summary>
    public static string? WhyAbsent(OrderingAblationReport report)
    {
        if (report.Main is not { } main || IsIn(report)) return null;
        return "No playground, in which one moves words and sees both models answer: " + Reason(report, main);
    }

    private static string Reason(OrderingAblationReport report, VariantComparison main)
    {
        if (report.Pretrained is not null) return "a pretrained encoder is too large for a page. Reports of models from scratch have one.";
        if (report.Texts is { Texts: [] }) return "it shows the words of the texts, and this report was asked not to (--no-texts).";
        SequenceModelOptions[] models = [.. new[] { main.First, main.Second }.Select(variant => report.Plan.ModelOf(variant.Setup))];
        if (models.Select(model => report.Plan.TextColumns is null ? PlaygroundLimits.ReasonAgainst(model) : PlaygroundLimits.TextsOfParts).FirstOrDefault(reason => reason is not null) is { } uncovered) return $"the page's script does not compute {uncovered}. The other options of the plan have one.";
        if (Bytes(report, models, report.Plan.Model.ModelWidth) is var bytes && bytes > PlaygroundLimits.MostBytes)
            return $"the weights of the two models take {Kilobytes(bytes)} as 16-bit numbers, and a page carries at most {Kilobytes(PlaygroundLimits.MostBytes)}. {Smaller(report, models)}";
        return "the runs kept no weights, as those of earlier versions and failed ones do not. Run the ablation again with --force.";
    }

    /// <summary>What would fit.</summary>
    private static string Smaller(OrderingAblationReport report, SequenceModelOptions[] models)
    {
        int heads = report.Plan.Model.Heads, width = report.Plan.Model.ModelWidth / (2 * heads) * 2 * heads;
        while (width > 0 && (width == report.Plan.Model.ModelWidth || Bytes(report, models, width) > PlaygroundLimits.MostBytes)) width -= 2 * heads;
        return width > 0 ? Invariant($"Models of --width {width} would have one.") : $"The {Counted(report.Data.Vocabulary, "word")} of the vocabulary are too many for any width.";
    }

    private static long Bytes(OrderingAblationReport report, SequenceModelOptions[] models, int width) =>
        models.Sum(model => PlaygroundLimits.BytesOf(model with { ModelWidth = width }, report.Data.Vocabulary, report.Data.Classes.Count));

    private static string Kilobytes(long bytes) => $"{Count((bytes + 999) / 1000)} kB";

    private static bool Fits(OrderingAblationReport report, PlaygroundStudy study, PlaygroundModel trained)
    {
        var model = report.Plan.ModelOf(trained.Variant.Setup);
        return PlaygroundLimits.ReasonAgainst(model) is null && PlaygroundLimits.BytesOf(model, study.Vocabulary.Count, report.Data.Classes.Count) == trained.Weights.Length;
    }
}
