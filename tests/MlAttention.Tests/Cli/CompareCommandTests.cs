using System.Text.Json;
using System.Text.RegularExpressions;
using MlAttention.Ablation.Report;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Cli;

public class CompareCommandTests
{
    private static readonly OrderingAblationReport s_report = FakeAblation.Report(), s_pretrained = FakePretrained.Report();

    [Fact]
    public void Compare_TwoReports_ShowEveryDifferenceOfBoth()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("compare", Write(folder, "a.json", s_report), Write(folder, "b.json", s_pretrained with { Data = s_pretrained.Data with { Name = "other.csv" } }), "--out", folder.File("both.html"), "--json");

        Assert.Equal(0, run.ExitCode);
        string[][] rows = [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetString()!).ToArray())];
        Assert.Equal(["fake.csv", "other.csv"], rows.Select(row => row[0]).Distinct());
        var sinusoidal = s_report.Main!;
        Assert.Contains(rows, row => row[0] == "fake.csv" && row[1] == "sinusoidal" && row[2] == ReportText.Points(sinusoidal.MeanDifference) && row[3] == ReportText.Points(sinusoidal.Interval));
        string page = File.ReadAllText(folder.File("both.html"));
        Assert.Equal(rows.Length, Regex.Count(page, "class=\"h[0-7]\""));
        Assert.Matches("class=\"heading\"[^>]*>other.csv<", page);
    }

    [Fact]
    public void Compare_DataOfTheSameName_AreTheirFiles()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("compare", Write(folder, "a.json", s_report), Write(folder, "b.json", s_report));
        Assert.Contains("a.json", run.Output, StringComparison.Ordinal);
        Assert.Contains("b.json", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WhatCannotBeCompared_SaysWhy()
    {
        using var folder = new TemporaryFolder();
        string one = Write(folder, "a.json", s_report), damaged = folder.Write("c.json", "{}");
        Refused($"{damaged}: This JSON is no ordering ablation report", one, damaged);
        Refused("make them with the same --margin", one, Write(folder, "b.json", s_report with { Plan = s_report.Plan with { EquivalenceMargin = 0.02 }, Data = s_report.Data with { Name = "other.csv" } }));
        Refused("compares nothing", one, Write(folder, "d.json", s_report with { Comparisons = [], Data = s_report.Data with { Name = "other.csv" } }));

        void Refused(string reason, params string[] reports)
        {
            var run = CliRun.Of(["compare", .. reports, "--out", folder.File("both.html")]);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("both.html")));
        }
    }

    private static string Write(TemporaryFolder folder, string name, OrderingAblationReport report) => folder.Write(name, ReportExporter.Json.Export(report));
}
