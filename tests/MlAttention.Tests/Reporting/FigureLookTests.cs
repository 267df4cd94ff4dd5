using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

/// <summary>Colours, ticks and titles that mean the same in every figure.</summary>
public class FigureLookTests
{
    private static readonly OrderingAblationReport s_report = FakeAblation.Report();

    [Fact]
    public void Sensitivity_Bars_HaveTheirVariantsColourAndShuffledOnesTheHatch()
    {
        var groups = XElement.Parse(new SensitivityPlot().Draw(s_report)!).Elements().Where(element => element.Attribute("data-scheme") is not null).ToArray();
        Assert.Equal(s_report.Variants.Count(result => result.FlipRate is not null), groups.Length);
        var expected = new Dictionary<string, string> { ["none"] = "f7", ["sinusoidal"] = "f0", ["learned"] = "f1" };
        foreach (var group in groups.Where(group => expected.ContainsKey(group.Elements().First().Value)))
        {
            XElement[] bars = [.. group.Elements().Where(element => element.Name.LocalName == "rect")];
            Assert.Equal([expected[group.Elements().First().Value], "url(#sensitivity-hatch)", expected[group.Elements().First().Value]], bars.Select(bar => bar.Attribute("class")?.Value ?? bar.Attribute("fill")!.Value));
        }
    }

    [Fact]
    public void Accuracy_BarsOfAnEncoder_AreHatchedWhereWordsStandInAnotherOrder()
    {
        var groups = XElement.Parse(new AccuracyPlot().Draw(FakePretrained.Report())!).Elements().Where(element => element.Attribute("data-scheme") is not null);
        string[] plain = [.. groups.Where(group => group.Elements().All(element => element.Attribute("fill") is null)).Select(group => group.Elements().First().Value)];
        Assert.Equal(["ordered", "no positions (zero)", "one position (constant)", "positions drawn anew", "no positions at test", "positions 100 later at test"], plain.Take(6));
    }

    [Fact]
    public void Classes_OfManyClasses_PrintThoseOfOneVariant()
    {
        ReportTable Table(int classes) => ReportTables.Classes(s_report with { Variants = [.. s_report.Variants.Select(result => result with { Classes = [.. Enumerable.Range(0, classes).Select(c => new ClassScore($"{c}", 1, 1, 1))] })] });
        Assert.Equal([80, 41, 80], new[] { 40, 41, 300 }.Select(classes => Table(classes).Printed!.Value));
    }

    [Theory]
    [InlineData(0.75, "-50.0 0.0 +50.0")]
    [InlineData(0.01, "-1.0 0.0 +1.0")]
    public void Forest_AnyRange_HasTicksOnBothSidesOfZero(double reach, string ticks)
    {
        var comparison = s_report.Main! with { Differences = [0], MeanDifference = 0, TwoLevelIntervals = new(new(-reach, reach, 0.95), new(-reach, reach, 0.95), new(-reach, reach, 0.95)) };
        var svg = XElement.Parse(new ForestPlot(0.01, 0.95, "").Draw("f", "F", [new("a", 0, comparison)]));
        Assert.Equal(ticks, string.Join(' ', svg.Elements().Where(element => element.Attribute("text-anchor")?.Value == "middle").Select(element => element.Value)));
    }

    [Theory]
    [InlineData(0.5, new[] { "0", "3" })]
    [InlineData(-0.5, new[] { "-3", "0", "3" })]
    public void PositionHeatMap_ColourBar_BeginsBelowZeroOnlyWhereValuesDo(double smallest, string[] ticks)
    {
        var svg = XElement.Parse(PositionHeatMap.Draw("p", new("P", "position", "position", 0, [[3, 1], [1, smallest]])));
        XElement[] texts = [.. svg.Elements().Where(element => element.Name.LocalName == "text")];
        Assert.Equal(ticks, texts.Where(text => text.Attribute("y")!.Value == texts[^1].Attribute("y")!.Value).Select(text => text.Value)); // below the bar
    }

    [Fact]
    public void PositionLines_SixteenHeads_NoTwoLookAlike()
    {
        double[][] values = [.. Enumerable.Range(0, 5).Select(row => Enumerable.Range(0, 16).Select(column => (double)row * column).ToArray())];
        string svg = PositionLines.Draw("p", new("P", "distance", "head", 0, values, FirstColumn: 1));
        string[] legend = [.. Regex.Matches(svg, @"(<(?:circle|rect|path)[^>]*class=""([fh]\d)"">)<title>head \d+</title>").Select(match => match.Groups[2].Value)];
        Assert.Equal(16, legend.Length);
        Assert.Equal(16, legend.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DrawHead_Titled_HasItsTitleInside(bool isTitled)
    {
        AttentionHead head = new(0, 1, [0.5, 0.5, 0.2, 0.8], Entropy: 1, MeanDistance: 1, DiagonalShare: 0.5, PreviousShare: 0.1);
        var svg = XElement.Parse(AttentionHeatMap.DrawHead(new(PositionScheme.None, ["a", "b"], [head]), head, isTitled));
        Assert.Equal(isTitled, svg.Elements().Any(element => element.Name.LocalName == "text" && element.Value == "Layer 1, head 2"));
    }
}
