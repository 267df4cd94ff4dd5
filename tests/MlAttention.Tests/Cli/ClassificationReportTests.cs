using System.Globalization;
using System.Text.Json;
using MlAttention.Cli.Input;
using MlAttention.Cli.Output;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class ClassificationReportTests
{
    /// <summary>The example of scikit-learn's classification_report, worked out by hand: classes of 1, 1 and 3 rows.</summary>
    [Fact]
    public void Add_UnequalClasses_GivesTheFiguresOfScikitLearn()
    {
        var report = Report([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]);
        Assert.Equal(3.0 / 5, report.Accuracy, 12);
        Assert.Equal([1.0 / 2, 0, 1], report.Classes.Select(one => one.Precision));
        Assert.Equal([1, 0, 2.0 / 3], report.Classes.Select(one => one.Recall));
        Assert.Equal([2.0 / 3, 0, 4.0 / 5], report.Classes.Select(one => one.F1));
        Assert.Equal([1, 1, 3], report.Classes.Select(one => one.Support));
        AssertMean(1.0 / 2, 5.0 / 9, 22.0 / 45, report.Macro);
        AssertMean(7.0 / 10, 3.0 / 5, 46.0 / 75, report.Weighted);
        Assert.Equal(5.0 / 9, report.MacroAccuracy, 12);
    }

    /// <summary>Rows: a 3, b 1, c 0; predictions: a 3, b 0, c 1. What cannot be divided counts as 0, as in scikit-learn.</summary>
    [Fact]
    public void Add_ClassWithoutPredictionsAndOneWithoutRows_CountAsZero()
    {
        var report = Report([0, 0, 0, 1], [0, 0, 2, 0]);
        Assert.Equal([2.0 / 3, 0, 0], report.Classes.Select(one => one.Precision));
        Assert.Equal([2.0 / 3, 0, 0], report.Classes.Select(one => one.Recall));
        AssertMean(2.0 / 9, 2.0 / 9, 2.0 / 9, report.Macro);
        AssertMean(1.0 / 2, 1.0 / 2, 1.0 / 2, report.Weighted);
        Assert.Equal(1.0 / 3, report.MacroAccuracy, 12); // c has no rows to be recalled
        string printed = Printed(report);
        Assert.Contains("Nothing is predicted as 'b': precision counts as 0.", printed, StringComparison.Ordinal);
        Assert.Contains("No row has the label 'c': recall counts as 0.", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_LabelThatOccursNowhere_IsNotInTheMeans()
    {
        var report = Report([0, 0, 1], [0, 1, 1]);
        Assert.Equal(["a", "b"], report.Classes.Select(one => one.Label));
        Assert.Equal(2.0 / 3, report.Macro.F1, 12);
        Assert.Contains("not in the means: 'c'", Printed(report), StringComparison.Ordinal);
    }

    /// <summary>The example of scikit-learn's log_loss, and a probability of 0.</summary>
    [Fact]
    public void LogLoss_Probabilities_IsTheMeanInNats()
    {
        var report = new ClassificationReport(["ham", "spam"]);
        report.Add(1, 1, 0.9f);
        report.Add(0, 0, 0.9f);
        report.Add(0, 0, 0.8f);
        report.Add(1, 1, 0.65f);
        Assert.Equal(0.21616, report.LogLoss, 5);
        report.Add(0, 1, 0);
        Assert.Equal((4 * 0.21616 - Math.Log(1e-15)) / 5, report.LogLoss, 4);
    }

    [Fact]
    public void Headline_RowsLeftOut_NeverShowsTheAccuracyAlone()
    {
        var report = Report([0, 0], [0, 0]);
        report.AddLeftOut("");
        for (int row = 0; row < 4; row++) report.AddLeftOut(row < 3 ? "A" : "other");
        string line = ClassificationPrinter.Headline(report);
        Assert.StartsWith("2 of 7 rows: accuracy 100.0%", line, StringComparison.Ordinal);
        Assert.Contains("1 row without a label", line, StringComparison.Ordinal);
        Assert.Contains("4 rows with labels that the model does not know: 'A' 3 (the model has 'a') and 'other' 1.", line, StringComparison.Ordinal);
        Assert.Contains("accuracy 33.3%", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 80)]
    [InlineData(25, 120)]
    [InlineData(25, 60)]
    [InlineData(700, 80)]
    public void PrintTables_AnyNumberOfClasses_FitsTheTerminal(int classes, int width)
    {
        var report = Many(classes);
        string[] lines = Printed(report, width).Split('\n');
        Assert.InRange(lines.Length, classes < 20 ? classes : 20, 90);
        Assert.All(lines.Where(line => !line.StartsWith("Every class", StringComparison.Ordinal) && !line.StartsWith("Nothing", StringComparison.Ordinal)), line => Assert.InRange(line.TrimEnd().Length, 0, width));
    }

    [Fact]
    public void PrintTables_ManyClasses_ShowsTheWorstAndTheMostFrequentConfusionsAndWhereTheRestIs()
    {
        string printed = Printed(Many(700));
        Assert.Contains("The 20 of 700 classes with the lowest F1", printed, StringComparison.Ordinal);
        Assert.Contains("20 of 350 confusions are shown.", printed, StringComparison.Ordinal);
        Assert.Contains("--out report.csv", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Csv_HasEveryClassAndTheWholeMatrix()
    {
        using var folder = new TemporaryFolder();
        var report = Report([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]);
        report.AddLeftOut("odd, \"label\"");
        ClassificationFile.Write(folder.File("report.csv"), "report.csv", report, new TextCounts(64));
        using var csv = new CsvHelper.CsvReader(new StreamReader(folder.File("report.csv")), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row).ToArray();
        Assert.Equal(["0.6"], Values(rows, "accuracy", "Value"));
        Assert.Equal(["odd, \"label\""], Values(rows, "rows with a label that the model does not know", "Label"));
        Assert.Equal(["a", "b", "c"], Values(rows, "class", "Label"));
        Assert.Equal(["1", "1", "0"], Values(rows, "class", "As a"));
        Assert.Equal(["0", "0", "1"], Values(rows, "class", "As b"));
        Assert.Equal(["0", "0", "2"], Values(rows, "class", "As c"));

        static string[] Values(IDictionary<string, object>[] rows, string kind, string column) => [.. rows.Where(row => (string)row["Kind"] == kind).Select(row => (string)row[column])];
    }

    [Fact]
    public void ToJson_Report_HasTheWholeMatrixAndWhatIsLeftOut()
    {
        var report = Report([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]);
        report.AddLeftOut("x");
        report.AddLeftOut("");
        var json = JsonDocument.Parse(ClassificationFile.ToJson(report, new TextCounts(64))).RootElement;
        Assert.Equal("[[1,0,0],[1,0,0],[0,1,2]]", json.GetProperty("confusion").GetProperty("rows").GetRawText());
        Assert.Equal(2, json.GetProperty("leftOut").GetProperty("rows").GetInt32());
        Assert.Equal(1, json.GetProperty("leftOut").GetProperty("missingLabels").GetInt32());
        Assert.Equal("""[{"label":"x","rows":1}]""", json.GetProperty("leftOut").GetProperty("unknownLabels").GetRawText());
        Assert.Equal(0.5, json.GetProperty("leftOut").GetProperty("accuracyIfWrong").GetDouble(), 12); // 3 of 6
    }

    private static ClassificationReport Report(int[] labels, int[] predictions)
    {
        var report = new ClassificationReport(["a", "b", "c"]);
        for (int row = 0; row < labels.Length; row++) report.Add(labels[row], predictions[row], 0.5f);
        return report;
    }

    // Every second class is taken for the next one.
    private static ClassificationReport Many(int classes)
    {
        var report = new ClassificationReport([.. Enumerable.Range(0, classes).Select(one => FormattableString.Invariant($"class {one}"))]);
        for (int one = 0; one < classes; one++)
        {
            report.Add(one, one, 0.5f);
            if (one % 2 == 1) report.Add(one, (one + 1) % classes, 0.5f);
        }
        return report;
    }

    private static string Printed(ClassificationReport report, int width = 100)
    {
        using var output = new StringWriter();
        ClassificationPrinter.PrintTables(report, CliConsole.Of(output, TextWriter.Null, width));
        return output.ToString();
    }

    private static void AssertMean(double precision, double recall, double f1, MeanFigures mean)
    {
        Assert.Equal(precision, mean.Precision, 12);
        Assert.Equal(recall, mean.Recall, 12);
        Assert.Equal(f1, mean.F1, 12);
    }
}
