using System.Text.Json;
using System.Text.Json.Nodes;
using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation.Analysis;

public class TextAnalysisTests
{
    private static readonly AblationPlan s_plan = FakeAblation.Plan with { Baselines = [] };
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
            Assert.Single(group.Select(text => text.Second with { Label = null }).Distinct());
            Assert.Equal(1, group.Sum(text => text.Second.Label!.Value), 3); // one set of probabilities, read at each of its classes
            Assert.Single(group, text => text.Outcome is TextOutcome.BothRight or TextOutcome.OnlySecond);
        }
    }

    /// <summary>Four groups of two texts; the two variants differ on one text of the first group and on one of the last.</summary>
    [Fact]
    public void Study_ByHand_VotesChangesAndTheDisputedGroupsFirst()
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 8, classCount: 2, maxTokens: 4, TruncationSide.KeepStart);
        for (int row = 0; row < 8; row++) builder.Add([row + 1], row % 2, group: row / 2);
        var texts = builder.Build();
        AblationData data = new(texts, texts, ["a", "b"], ["1", "2", "3", "4", "5", "6", "7", "8"]) { TestTexts = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"] };
        AblationRun[] first =
        [
            Run(1, [0, 1, 0, 1, 0, 0, 0, 1], shuffled: [1, 1, 0, 1, 0, 0, 1, 1], sure: 0.9f),
            Run(2, [0, 1, 1, 1, 1, 0, 0, 1], shuffled: [0, 1, 1, 1, 1, 0, 0, 1], sure: 0.6f),
            Run(3, [0, 1, 0, 1, 1, 1, 0, 1], shuffled: [0, 1, 0, 1, 1, 1, 0, 1], sure: 0.75f),
        ];
        AblationRun[] second = [Run(1, [0, 0, 0, 1, 1, 0, 1, 1], shuffled: [], sure: 0.8f)];

        var study = new TextAnalysis(data, variant => variant == s_report.Main!.First ? first : second).Study(s_report.Main!, listsTexts: true);

        Assert.Equal(["t0", "t1", "t6", "t7", "t2", "t3", "t4", "t5"], study.Texts.Select(text => text.Text));
        Assert.Equal([new(0, 3, 3), new(1, 3, 3), new(0, 3, 3), new(1, 3, 3), new(0, 2, 3), new(1, 3, 3), new(1, 2, 3), new(0, 2, 3)], study.Texts.Select(text => text.First with { Label = null }));
        Assert.Equal([0.75, 0.75, 0.75, 0.75, 0.6833, 0.75, 0.5167, 0.4167], study.Texts.Select(text => text.First.Label!.Value)); // t2: (0.9 + 0.4 + 0.75) / 3
        Assert.Equal([0.8, 0.2, 0.2, 0.8, 0.8, 0.8, 0.2, 0.2], study.Texts.Select(text => text.Second.Label!.Value));
        Assert.Equal([0.3333, 0, 0.3333, 0, 0, 0, 0, 0], study.Texts.Select(text => text.Changed!.Value));
        Assert.Equal([4, 2, 0, 2], study.Outcomes); // both right, only the first, only the second, both wrong

        AblationRun Run(int seed, int[] predictions, int[] shuffled, float sure) => new()
        {
            Setup = s_study.First.Setup, Seed = seed, Predictions = predictions, ShuffledPredictions = [shuffled],
            LabelProbabilities = LabelProbabilities.Of(new TextScores([.. predictions.SelectMany(c => new[] { MathF.Log(c == 0 ? sure : 1 - sure), MathF.Log(c == 1 ? sure : 1 - sure) })], texts.Labels, classes: 2)),
        };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Study_RunsOfAVersionWithoutProbabilities_HasNoneOfThatVariant(int seeds)
    {
        AblationRun[] runs = [.. new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default)
            .Select(run => run.Setup == s_study.First.Setup && run.Seed <= seeds ? Old(run) : run)];

        var report = FakeAblation.Report(s_plan, runs);

        Assert.All(report.Texts!.Texts.Zip(s_study.Texts), pair => Assert.Equal((seeds == 0 ? pair.Second.First.Label : null, pair.Second.Second.Label), (pair.First.First.Label, pair.First.Second.Label)));
        Assert.Equal(["text", "label", "group", "sinusoidal", .. seeds == 0 ? ["sinusoidal: P(label)"] : Array.Empty<string>(), "none", "none: P(label)", "changed by shuffling"], TextTables.Texts(report).Columns);
        Assert.All(TextTables.Texts(report).Rows, row => Assert.Equal(TextTables.Texts(report).Columns.Count, row.Count));

        static AblationRun Old(AblationRun run)
        {
            var json = JsonSerializer.SerializeToNode(run, AblationJson.Options)!.AsObject();
            Assert.True(json.Remove("labelProbabilities"));
            return json.Deserialize<AblationRun>(AblationJson.Options)!;
        }
    }

    [Fact]
    public void Report_OfAVersionWithoutProbabilities_IsReadAndShowsTheVotes()
    {
        var json = JsonNode.Parse(ReportExporter.Json.Export(s_report))!;
        foreach (var text in json["texts"]!["texts"]!.AsArray())
            foreach (string variant in new[] { "first", "second" }) Assert.True(text![variant]!.AsObject().Remove("label"));

        var old = TextTables.Texts(ReportExporter.ReadJson(json.ToJsonString()));

        Assert.Equal(["text", "label", "group", "sinusoidal", "none", "changed by shuffling"], old.Columns);
        Assert.Equal(TextTables.Texts(s_report).Rows.Select(row => $"{row[3]} {row[5]} {row[7]}"), old.Rows.Select(row => $"{row[3]} {row[4]} {row[5]}"));
    }

    [Fact]
    public void Study_ManyTexts_ListsWholeGroups()
    {
        var data = FakeAblation.WithTestTexts(600);
        var runs = new AblationRunner(s_plan, new FakeTrainer(data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        var study = new AblationAnalysis(s_plan, data, runs).Report(data.Summarize("fake.csv"), FakeAblation.Environment, default, 1).Texts!;
        Assert.Equal(498, study.Texts.Count); // 166 groups of three
        Assert.Equal(600, study.Outcomes.Sum());
        Assert.All(study.Texts.GroupBy(text => text.Group), group => Assert.Equal(3, group.Count()));
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_AttentionStudy_HasTheWordsUnlessThereShallBeNone(bool lists)
    {
        AttentionPattern pattern = new(PositionScheme.Sinusoidal, ["private", "[unknown]"], [new(0, 0, [1, 0, 0.5, 0.5], 0, 0, 0, 0)]) { UnknownWords = [new(1, "zzqx")] };
        AblationRun[] runs = [.. new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default).Select((run, index) => index == 0 ? run with { Attention = [pattern] } : run)];

        var report = new AblationAnalysis(s_plan, FakeAblation.Data, runs) { ListsTexts = lists }.Report(FakeAblation.Data.Summarize("fake.csv"), FakeAblation.Environment, default, 1);

        Assert.Equal(lists ? ["private", "zzqx"] : ["1", "2"], Assert.Single(report.AttentionStudy!.Patterns).Words);
        Assert.Equal(pattern.Heads[0].Weights, report.AttentionStudy.Patterns[0].Heads[0].Weights);
        foreach (string word in new[] { "private", "zzqx" }) Assert.Equal(lists, ReportExporter.Html.Export(report).Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_Texts_SayWhoIsRight()
    {
        var outcomes = TextTables.Outcomes(s_report);
        Assert.Equal(["vote", "none: right", "none: wrong"], outcomes.Columns);
        Assert.Equal(s_study.Outcomes.Select(count => $"{count}"), outcomes.Rows.SelectMany(row => row.Skip(1)));
        var texts = TextTables.Texts(s_report);
        Assert.Equal(3, texts.Printed);
        for (int row = 0; row < texts.Rows.Count; row++)
        {
            Assert.Equal(s_study.Texts[row].First.Class == s_study.Texts[row].Label, texts.Rows[row][3].StartsWith('✓'));
            Assert.Equal(texts.Rows[row][3][0] == '✓', texts.Kinds![row] is "both right" or "only sinusoidal right");
            Assert.Equal([$"{s_study.Texts[row].First.Label:0.00%}", $"{s_study.Texts[row].Second.Label:0.00%}"], [texts.Rows[row][4], texts.Rows[row][6]]);
        }
    }
}
