using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Playground;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

/// <summary>The part of the page with models that run in it, or the sentence in its place.</summary>
public class PlaygroundSectionTests
{
    private static readonly OrderingAblationReport s_without = FakeAblation.Report();

    [Fact]
    public void Html_ReportReadBackFromJson_HasTheSamePlayground()
    {
        var report = With(s_without);
        string html = ReportExporter.Html.Export(report);

        Assert.Contains("<section id=\"playground\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("No playground", html, StringComparison.Ordinal);
        Assert.Equal(html, ReportExporter.Html.Export(ReportExporter.ReadJson(ReportExporter.Json.Export(report))));
    }

    [Fact]
    public void Html_HostileWordsTextsAndClasses_ShowAsText()
    {
        const string Hostile = "</script></template><script>alert(1)</script> & \"it's\" \u202e\u0001]]>";
        var report = With(s_without with { Data = s_without.Data with { Classes = [Hostile, "b", "c"] }, Texts = s_without.Texts! with { Texts = [s_without.Texts.Texts[0] with { Text = Hostile, Label = 0 }] } });
        report = report with { Playground = report.Playground! with { Vocabulary = [Hostile, "b", "c", "d", "e"] } };

        string html = ReportExporter.Html.Export(report);

        Assert.Single(Regex.Matches(html, "<script"));
        string section = Regex.Match(html, "<section id=\"playground\".*?</section>", RegexOptions.Singleline).Value;
        var part = XElement.Parse(section.Replace("&#1;", "", StringComparison.Ordinal));
        using var data = System.Text.Json.JsonDocument.Parse(part.Descendants("pre").Single().Value);
        Assert.Equal(Hostile, data.RootElement.GetProperty("vocabulary")[0].GetString());
        Assert.Equal(Hostile, data.RootElement.GetProperty("classes")[0].GetString());
        Assert.DoesNotContain('\u202e', part.Descendants("pre").Single().Value);
    }

    [Fact]
    public void Html_ScriptsOfThePage_KeepTheirBudget() =>
        Assert.InRange(Regex.Matches(ReportExporter.Html.Export(With(s_without)), "<script.*?</script>", RegexOptions.Singleline).Sum(script => script.Length), PlaygroundScript.Code.Length, 80_000);

    [Fact]
    public void WhyAbsent_EveryReason_SaysWhatToDo()
    {
        Assert.Null(PlaygroundSection.WhyAbsent(With(s_without)));
        Assert.Null(PlaygroundSection.WhyAbsent(s_without with { Comparisons = [] }));
        Assert.EndsWith("the runs kept no weights, as those of earlier versions and failed ones do not. Run the ablation again with --force.", PlaygroundSection.WhyAbsent(s_without), StringComparison.Ordinal);
        Assert.Contains("(--no-texts)", PlaygroundSection.WhyAbsent(s_without with { Texts = s_without.Texts! with { Texts = [] } }), StringComparison.Ordinal);
        Assert.Contains("pretrained", PlaygroundSection.WhyAbsent(FakePretrained.Report()), StringComparison.Ordinal);
        Assert.Contains("does not compute the score Cosine.", PlaygroundSection.WhyAbsent(OfModel(new() { Score = ScoreFunction.Cosine })), StringComparison.Ordinal);
    }

    // Two models of width 64: 2 x (67,267 + (words + 2) x 64) numbers of 2 bytes, rounded up.
    [Theory]
    [InlineData(1_000, "take 526 kB as 16-bit numbers, and a page carries at most 400 kB. Models of --width 48 would have one.")]
    [InlineData(30_000, "The 30,000 words of the vocabulary are too many for any width.")]
    public void WhyAbsent_TooManyWeights_NamesAWidthThatFits(int words, string expected) =>
        Assert.EndsWith(expected, PlaygroundSection.WhyAbsent(s_without with { Data = s_without.Data with { Vocabulary = words } }), StringComparison.Ordinal);

    /// <summary>What is refused is what the managed engine or the script lacks; what is new to the script must not slip through.</summary>
    [Fact]
    public void ReasonAgainst_Options_CoversThoseOfTheScriptAlone()
    {
        Assert.All(Enum.GetValues<PositionScheme>(), scheme => Assert.Null(PlaygroundLimits.ReasonAgainst(new() { Positions = scheme })));
        Assert.All(Enum.GetValues<PoolingKind>(), pooling => Assert.Null(PlaygroundLimits.ReasonAgainst(new() { Pooling = pooling })));
        SequenceModelOptions[] refused =
        [
            new() { Encoder = EncoderKind.Lstm }, new() { Score = ScoreFunction.Additive }, new() { Algorithm = AttentionAlgorithm.Linear }, new() { Algorithm = AttentionAlgorithm.LocalWindow }, new() { TokenTypes = 1 }, new() { SeparatorKey = 1 },
            new() { Positions = PositionScheme.ShawRelative, Score = ScoreFunction.Dot }, new() { EmbeddingNorm = true }, new() { KeepBoundaries = true },
        ];
        Assert.All(refused, model => Assert.NotNull(PlaygroundLimits.ReasonAgainst(model)));
    }

    [Fact]
    public void Html_WeightsOfAnotherPlan_AreNotRun() =>
        Assert.DoesNotContain("<section id=\"playground\"", ReportExporter.Html.Export(With(s_without) with { Plan = s_without.Plan with { Model = new() { ModelWidth = 32 } } }), StringComparison.Ordinal);

    private static OrderingAblationReport OfModel(SequenceModelOptions model) => s_without with { Plan = s_without.Plan with { Model = model } };

    private static OrderingAblationReport With(OrderingAblationReport report)
    {
        PlaygroundModel[] models = [.. new[] { report.Main!.First, report.Main.Second }.Select(variant => new PlaygroundModel(variant, new byte[PlaygroundLimits.BytesOf(report.Plan.ModelOf(variant.Setup), 5, 3)]))];
        return report with { Playground = new(1, FakeAblation.Data.Vocabulary, models) };
    }
}
