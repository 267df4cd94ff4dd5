namespace MlAttention.Ablation.Reporting;

/// <summary>Test texts, and who is right about them.</summary>
internal static class TextTables
{
    /// <summary>How many texts both variants get right, one of them, or neither.</summary>
    public static ReportTable Outcomes(OrderingAblationReport report)
    {
        if (report.Texts is not { } study) return new("", [], 0, []);
        string first = study.First.Name, second = study.Second.Name;
        return new("Test texts by who is right, by the vote of the seeds", ["vote", $"{second}: right", $"{second}: wrong"], 1,
        [
            [$"{first}: right", Number(study, TextOutcome.BothRight), Number(study, TextOutcome.OnlyFirst)],
            [$"{first}: wrong", Number(study, TextOutcome.OnlySecond), Number(study, TextOutcome.BothWrong)],
        ]);
    }

    /// <summary>The listed texts.</summary>
    public static ReportTable Texts(OrderingAblationReport report)
    {
        if (report.Texts is not { Texts: [var firstText, ..] } study) return new("", [], 0, []);
        bool isGrouped = firstText.Group is not null;
        string which = study.Texts.Count < report.Data.TestTexts ? $"{Count(study.Texts.Count)} of {Count(report.Data.TestTexts)} test texts, those first on which the two disagree" : "All test texts, those first on which the two disagree";
        return new(which, ["text", "label", .. isGrouped ? ["group"] : Array.Empty<string>(), .. Columns(study.First, text => text.First), .. Columns(study.Second, text => text.Second), "changed by shuffling"], 2, [.. study.Texts.Select(Row)])
        {
            Kinds = [.. study.Texts.Select(text => KindOf(study, text.Outcome))],
            Printed = study.Texts.TakeWhile(text => text.Group == firstText.Group && (isGrouped || text == firstText)).Count(),
        };

        IReadOnlyList<string> Row(TestedText text) =>
        [
            text.Text, report.Data.Classes[text.Label], .. text.Group is { } group ? [Invariant($"{group}")] : Array.Empty<string>(),
            .. Cells(text, text.First), .. Cells(text, text.Second), Percent(text.Changed),
        ];

        // The probability has a column where the runs kept any, so that sorting by it shows what a variant is surely wrong about.
        string[] Columns(AblationVariant variant, Func<TestedText, TextVote> vote) => vote(firstText).Label is null ? [variant.Name] : [variant.Name, $"{variant.Name}: P(label)"];

        string[] Cells(TestedText text, TextVote vote) => vote.Label is { } probability ? [Vote(report, text, vote), Invariant($"{probability * 100:0.00}%")] : [Vote(report, text, vote)];
    }

    private static string Vote(OrderingAblationReport report, TestedText text, TextVote vote) =>
        Invariant($"{(vote.Class == text.Label ? "✓" : "✗")} {report.Data.Classes[vote.Class]} {vote.For}/{vote.All}");

    private static string Number(TextStudy study, TextOutcome outcome) => Count(study.Outcomes[(int)outcome]);

    private static string KindOf(TextStudy study, TextOutcome outcome) => outcome switch
    {
        TextOutcome.BothRight => "both right",
        TextOutcome.OnlyFirst => $"only {study.First.Name} right",
        TextOutcome.OnlySecond => $"only {study.Second.Name} right",
        _ => "both wrong",
    };
}
