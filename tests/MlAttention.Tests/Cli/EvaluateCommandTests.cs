using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class EvaluateCommandTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Fact]
    public void Evaluate_UnequalClasses_AgreesWithMlNet()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("test.csv", "Text,Label\n" + SmallModel.Rows(11, 7, 5) + "money back,login\nparcel,refund\n");
        var json = Json(Succeeds(CliRun.Of("evaluate", model.Path, data, "--json")));

        var context = new MLContext(1);
        var metrics = context.MulticlassClassification.Evaluate(context.Model.LoadAttention(model.Path, out _).Transform(context.Attention().LoadCsv(data)));
        Assert.InRange(metrics.MicroAccuracy, 0.3, 0.96); // some rows are misread
        Assert.Equal(metrics.MicroAccuracy, json.GetProperty("microAccuracy").GetDouble(), 9);
        Assert.Equal(metrics.MacroAccuracy, json.GetProperty("macroAccuracy").GetDouble(), 9);
        Assert.Equal(metrics.LogLoss, json.GetProperty("logLoss").GetDouble(), 6);
        Assert.Equal(metrics.ConfusionMatrix.Counts.Select(row => row.Select(count => (int)count)), Matrix(json));
    }

    [Fact]
    public void Evaluate_UnknownAndMissingLabels_AreNamedAndCountedApart()
    {
        using var folder = new TemporaryFolder();
        string some = folder.Write("some.csv", "Text,Label\n" + SmallModel.Rows(3, 0, 0) + "money back,Refund\nparcel late,Refund\nfair,zero\nbad,\n");
        var shown = Succeeds(CliRun.Of("evaluate", model.Path, some, "--quiet"));
        Assert.StartsWith("3 of 7 rows: accuracy", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 row without a label", shown.Output, StringComparison.Ordinal);
        Assert.Contains("3 rows with labels that the model does not know: 'Refund' 2 (the model has 'refund') and 'zero' 1", shown.Output, StringComparison.Ordinal);

        var run = Succeeds(CliRun.Of("evaluate", model.Path, some, "--json"));
        var left = Json(run).GetProperty("leftOut");
        Assert.Equal([4, 1], [left.GetProperty("rows").GetInt32(), left.GetProperty("missingLabels").GetInt32()]);
        Assert.Equal(["Refund", "zero"], left.GetProperty("unknownLabels").EnumerateArray().Select(unknown => unknown.GetProperty("label").GetString()));
        Assert.Contains("warning: Left out", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good,a\nbad,b\n", "'a' 1 and 'b' 1")]
    [InlineData("good,\nbad,\n", "None of the 2 rows has a label")]
    public void Evaluate_NoLabelTheModelKnows_IsRefused(string rows, string expected)
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("evaluate", model.Path, folder.Write("none.csv", "Text,Label\n" + rows), "--out", folder.File("r.csv"), "--errors", folder.File("e.csv"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("--label", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["none.csv"], folder.FileNames);
    }

    [Fact]
    public void Evaluate_Out_IsTheReportThatIsPrintedAsJson()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("test.csv", "Text,Label\n" + SmallModel.Rows(5, 4, 3));
        Succeeds(CliRun.Of("evaluate", model.Path, data, "--out", folder.File("report.json"), "--quiet"));
        Assert.Equal(Succeeds(CliRun.Of("evaluate", model.Path, data, "--json")).Output, File.ReadAllText(folder.File("report.json")));
    }

    [Fact]
    public void Evaluate_Errors_HoldsTheMisreadRowsWithTheirProbabilities()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("test.csv", "Text,Label\n" + SmallModel.Rows(5, 4, 3) + "\"parcel, late\",refund\nmoney back,zero\n");
        var json = Json(Succeeds(CliRun.Of("evaluate", model.Path, data, "--json", "--errors", folder.File("errors.csv"))));
        using var csv = new CsvHelper.CsvReader(new StreamReader(folder.File("errors.csv")), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row).ToArray();
        Assert.Equal(["Text", "Label", "PredictedLabel", "Probability", "Probability.refund", "Probability.login", "Probability.shipping"], rows[0].Keys);
        int[][] matrix = Matrix(json);
        Assert.Equal(matrix.Sum(row => row.Sum()) - matrix.Select((row, index) => row[index]).Sum(), rows.Length);
        Assert.Equal("parcel, late", rows[^1]["Text"]);
        Assert.Equal("shipping", rows[^1]["PredictedLabel"]);
        Assert.Equal(rows[^1]["Probability"], rows[^1]["Probability.shipping"]);
        Assert.Equal(1, new[] { "refund", "login", "shipping" }.Sum(label => double.Parse((string)rows[^1]["Probability." + label], CultureInfo.InvariantCulture)), 5);
    }

    [Theory]
    [InlineData("--out", "report.txt", ".json")]
    [InlineData("--out", "train.csv", "--force")]
    [InlineData("--errors", "train.csv", "--force")]
    public void Evaluate_OutputThatCannotBe_IsRefusedBeforeTheModelIsRead(string option, string name, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("train.csv", "mine");
        var run = CliRun.Of("evaluate", "nowhere.zip", "nowhere.csv", option, folder.File(name));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["train.csv"], folder.FileNames);
        Assert.Equal("mine", File.ReadAllText(folder.File("train.csv")));
    }

    [Fact]
    public void Evaluate_OneFileForBothOutputs_IsRefused() =>
        Assert.Contains("same file", CliRun.Of("evaluate", "nowhere.zip", "nowhere.csv", "--out", "x.csv", "--errors", "./x.csv").ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public void Evaluate_LongEmptyAndUnknownTexts_AreCounted()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("test.csv", $"Text,Label\n{string.Concat(Enumerable.Repeat("money ", 300))},refund\n ,refund\nzzqx vvrt,login\nmoney back,refund\n");
        var run = Succeeds(CliRun.Of("evaluate", model.Path, data, "--quiet"));
        Assert.Matches(@"warning: 1 of 4 texts is longer than the \d+ tokens", run.Error);
        Assert.Contains("warning: 1 of 4 texts is empty", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 1 of 4 texts is without any word that the model knows", run.Error, StringComparison.Ordinal);
        var texts = Json(Succeeds(CliRun.Of("evaluate", model.Path, data, "--json"))).GetProperty("texts");
        Assert.Equal([1, 1, 1], ((string[])["cut", "empty", "withoutKnownWord"]).Select(name => texts.GetProperty(name).GetInt32()));
    }

    [Fact]
    public void Run_ModelOfTwoColumns_RemembersThemAndTellsOfOthers()
    {
        using var folder = new TemporaryFolder();
        string rows = SmallModel.Rows(12, 10, 8).Replace("money ", "money;", StringComparison.Ordinal).Replace("password ", "password;", StringComparison.Ordinal).Replace("parcel ", "parcel;", StringComparison.Ordinal);
        string[] lines = [.. rows.TrimEnd().Split('\n').Select(line => string.Join(';', line.Replace(',', ';').Split(';') is [var first, .. var rest] ? [first, string.Join(' ', rest[..^1]), rest[^1]] : []))];
        string data = folder.Write("two.csv", "title;body;topic\n" + string.Join('\n', lines) + "\n"), trained = folder.File("two.zip");
        Succeeds(CliRun.Of("train", data, "--text", "title", "--text", "body", "--label", "topic", "--delimiter", ";", "--out", trained, "--epochs", "1", "--quiet"));

        Assert.Equal("", Succeeds(CliRun.Of("evaluate", trained, data, "--quiet")).Error);
        Assert.Equal("", Succeeds(CliRun.Of("predict", trained, "--data", data, "--quiet")).Error);
        foreach (string[] command in (string[][])[["evaluate", trained, data], ["predict", trained, "--data", data]])
            Assert.Contains("warning: the texts are read from column body; the model was trained on columns title + body.", Succeeds(CliRun.Of([.. command, "--text", "body"])).Error, StringComparison.Ordinal);

        string other = folder.Write("other.csv", "headline;body;topic\na;b;refund\n");
        foreach (string[] command in (string[][])[["evaluate", trained, other], ["predict", trained, "--data", other]])
        {
            var run = CliRun.Of(command);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains("there is no column 'title'; the header has the columns 'headline', 'body', 'topic'", run.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains("--text", run.ErrorMessage, StringComparison.Ordinal);
        }
    }

    private static JsonElement Json(CliRun run) => JsonDocument.Parse(run.Output).RootElement;

    private static int[][] Matrix(JsonElement report) => [.. report.GetProperty("confusion").GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
