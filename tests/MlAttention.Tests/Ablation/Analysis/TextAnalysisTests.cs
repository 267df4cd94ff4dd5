using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation.Analysis;

public class TextAnalysisTests
{
    private static readonly AblationPlan s_plan = FakeAblation.Plan;
    private static readonly OrderingAblationReport s_report = FakeAblation.Report();
    private static readonly TextStudy s_study = s_report.Texts!;

    [Fact]
    public void Study_TwoVariants_CountsEveryTextOnce()
    {
        Assert.Equal((PositionScheme.Sinusoidal, PositionScheme.None), (s_study.First.Positions, s_study.Second.Positions));
        Assert.Equal(FakeAblation.Data.Test.Count, s_study.Outcomes.Sum());
        Assert.Equal(FakeAblation.Data.TestTexts.Order(), s_study.Texts.Select(text => text.Text).Order());
        foreach (var outcome in Enum.GetValues<TextOutcome>()) Assert.Equal(s_study.Outcomes[(int)outcome], s_study.Texts.Count(text => text.Outcome == outcome));
    }

    [Fact]
    public void Study_OfAGroup_TheBlindVariantSaysOneThingAndIsRightOnce()
    {
        foreach (var group in s_study.Texts.GroupBy(text => text.Group))
        {
            Assert.Equal(3, group.Count());
            Assert.Single(group.Select(text => text.Second).Distinct());
            Assert.Single(group, text => text.Outcome is TextOutcome.BothRight or TextOutcome.OnlySecond);
        }
    }

    [Fact]
    public void Study_Votes_AreThoseOfTheSeeds()
    {
        var runs = new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        AblationRun[] sinusoidal = [.. runs.Where(run => run.Setup == s_study.First.Setup)];
        foreach (var text in s_study.Texts)
        {
            int row = FakeAblation.Data.TestTexts.ToList().IndexOf(text.Text);
            if (FakeAblation.Data.TestTexts.Count(other => other == text.Text) > 1) continue; // the fake has texts twice
            int[] votes = [.. sinusoidal.Select(run => run.Predictions[row])];
            Assert.Equal(new(votes.CountBy(vote => vote).MaxBy(vote => (vote.Value, -vote.Key)).Key, votes.CountBy(vote => vote).Max(vote => vote.Value), votes.Length), text.First);
            Assert.Equal(Math.Round(sinusoidal.Average(run => run.ShuffledPredictions.Average(shuffled => shuffled[row] == run.Predictions[row] ? 0.0 : 1)), 4), text.Changed!.Value, 9);
        }
    }

    [Fact]
    public void Study_ManyTexts_ListsWholeGroupsAndTheDisputedFirst()
    {
        var data = FakeAblation.WithTestTexts(600);
        var runs = new AblationRunner(s_plan, new FakeTrainer(data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        var study = new AblationAnalysis(s_plan, data, runs).Report(data.Summarize("fake.csv"), FakeAblation.Environment, default, 1).Texts!;
        Assert.Equal(498, study.Texts.Count); // 166 groups of three
        Assert.Equal(600, study.Outcomes.Sum());
        bool[] disputed = [.. study.Texts.Chunk(3).Select(group => group.Select(text => text.Group).Distinct().Count() == 1 && group.Any(text => text.First.Class != text.Second.Class))];
        Assert.Equal(disputed.OrderDescending(), disputed);
    }

    [Fact]
    public void Report_NoTexts_CountsButShowsNone()
    {
        var runs = new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        var report = new AblationAnalysis(s_plan, FakeAblation.Data, runs) { ListsTexts = false }.Report(FakeAblation.Data.Summarize("fake.csv"), FakeAblation.Environment, default, 1);
        Assert.Empty(report.Texts!.Texts);
        Assert.Equal(s_study.Outcomes, report.Texts.Outcomes);
        string longest = FakeAblation.Data.TestTexts.MaxBy(text => text.Length)!;
        foreach (var exporter in ReportExporter.All) Assert.DoesNotContain(longest, exporter.Export(report), StringComparison.Ordinal);
        Assert.Contains(longest, ReportExporter.Html.Export(s_report), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_Texts_SayWhoIsRight()
    {
        var outcomes = TextTables.Outcomes(s_report);
        Assert.Equal(["", "none: right", "none: wrong"], outcomes.Columns);
        Assert.Equal(s_study.Outcomes.Select(count => $"{count}"), outcomes.Rows.SelectMany(row => row.Skip(1)));
        var texts = TextTables.Texts(s_report);
        Assert.Equal(3, texts.Printed);
        for (int row = 0; row < texts.Rows.Count; row++)
        {
            Assert.Equal(s_study.Texts[row].First.Class == s_study.Texts[row].Label, texts.Rows[row][3].StartsWith('✓'));
            Assert.Equal(texts.Rows[row][3][0] == '✓', texts.Kinds![row] is "both right" or "only sinusoidal right");
        }
    }
}
