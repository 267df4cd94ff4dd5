using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MlAttention.Tests.Cli;

/// <summary>train, evaluate, predict and export with other tasks than one label.</summary>
public sealed class TaskCommandTests : IDisposable
{
    private static readonly string[] s_nouns = ["soup", "bread", "cake", "tea"], s_words = ["warm", "cold", "fresh"];
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MultiLabel_OneColumn_TrainsEvaluatesPredictsAndExports()
    {
        string data = _folder.Write("topics.csv", Csv("Text,Label", row => $"{row},{string.Join('|', s_words[..2].Where(row.Contains))}"));
        string sentence = Succeeds(Train(data, "multiLabel")).Output;
        Assert.Contains("micro-F1 ", sentence, StringComparison.Ordinal);

        string[] report = Lines(CliRun.Of("evaluate", Model, data));
        Assert.StartsWith("36 rows: micro F1 1.000, macro F1 1.000, all labels right 100", report[0], StringComparison.Ordinal);
        Assert.Contains(report, line => line.Contains("average precision", StringComparison.Ordinal));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of("evaluate", Model, data, "--json")).Output).RootElement;
        Assert.Equal(["cold", "warm"], json.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("label").GetString()).Order());

        Assert.Equal(["warm|cold\tthe tea was warm and cold", "\tthe tea was fresh and fresh"], Lines(CliRun.Of("predict", Model, "the tea was warm and cold", "the tea was fresh and fresh", "--quiet")).Select(Sorted));
        string predictions = _folder.File("predictions.csv");
        Succeeds(CliRun.Of("predict", Model, "--data", data, "--out", predictions));
        Assert.StartsWith("Text,PredictedLabels,Probability.", File.ReadLines(predictions).First(), StringComparison.Ordinal);
        Assert.Equal(37, File.ReadLines(predictions).Count());
        Succeeds(CliRun.Of("export", Model, "--out", _folder.File("model.safetensors")));
        Assert.Equal("cold", Assert.Single(TextClassifier.Load(_folder.File("model.safetensors")).PredictLabels("the soup was cold and fresh")).Label);

        static string Sorted(string line) => string.Join('|', line.Split('\t')[0].Split('|').OrderDescending()) + "\t" + line.Split('\t')[1];
    }

    [Fact]
    public void MultiLabel_AColumnForEachLabel_IsRemembered()
    {
        string data = _folder.Write("flags.csv", Csv("Text,warm,cold", row => $"{row},{(row.Contains("warm", StringComparison.Ordinal) ? 1 : 0)},{(row.Contains("cold", StringComparison.Ordinal) ? 1 : 0)}"));
        Succeeds(Train(data, "multiLabel", "--label-columns", "warm", "--label-columns", "cold"));
        Assert.StartsWith("36 rows: micro F1 ", Lines(CliRun.Of("evaluate", Model, data))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Regression_Numbers_TrainsEvaluatesAndPredicts()
    {
        string data = _folder.Write("stars.csv", Csv("Text,Label", row => $"{row},{(row.Contains("cold", StringComparison.Ordinal) ? 100 : 500)}"));
        Assert.Contains("R² ", Succeeds(Train(data, "regression")).Output, StringComparison.Ordinal);
        Assert.StartsWith("R² 0.9", Lines(CliRun.Of("evaluate", Model, data))[0], StringComparison.Ordinal);
        string[] predicted = Lines(CliRun.Of("predict", Model, "the soup was cold and cold", "--quiet"));
        Assert.InRange(double.Parse(predicted[0].Split('\t')[0], CultureInfo.InvariantCulture), -150, 250);
        var json = JsonDocument.Parse(Lines(CliRun.Of("predict", Model, "the soup was fresh and warm", "--json"))[0]).RootElement;
        Assert.InRange(json.GetProperty("prediction").GetDouble(), 350, 650);
    }

    [Fact]
    public void TokenLabels_Conll_TrainsEvaluatesAndPredicts()
    {
        var lines = new StringBuilder();
        foreach (string row in Texts()) lines.AppendJoin('\n', row.Split(' ').Select(word => $"{word} {(s_words.Contains(word) ? "B-TASTE" : "O")}")).Append("\n\n");
        string data = _folder.Write("words.conll", lines.ToString());
        Assert.Contains("F1 of entities ", Succeeds(Train(data, "tokenLabels")).Output, StringComparison.Ordinal);
        string[] report = Lines(CliRun.Of("evaluate", Model, data));
        Assert.StartsWith("36 sentences: entities: F1 1.000, precision 1.000, recall 1.000, 72 of them; words: 100", report[0], StringComparison.Ordinal);
        Assert.Contains(report, line => line.Contains("TASTE", StringComparison.Ordinal));
        Assert.Equal(["the/O cold/B-TASTE tea/O"], Lines(CliRun.Of("predict", Model, "the cold tea", "--quiet")));
        var json = JsonDocument.Parse(Lines(CliRun.Of("predict", Model, "the cold tea", "--json"))[0]).RootElement;
        Assert.Equal(["O", "B-TASTE", "O"], json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(36, Lines(CliRun.Of("predict", Model, "--data", data, "--quiet")).Length);
    }

    [Fact]
    public void Options_ThatDoNotGoWithTheTask_AreNamed()
    {
        string data = _folder.Write("topics.csv", Csv("Text,Label", row => $"{row},warm|cold"));
        Fails("--label-separator goes with --task multiLabel", Train(data, "regression", "--label-separator", ";"));
        Fails("--class-weights balanced goes with one label for each row", Train(data, "multiLabel", "--class-weights", "balanced"));
        Fails("--task colours: there is no such value", Train(data, "colours"));
        Fails("expected a number", Train(data, "regression"));
        Fails("--pairs goes with columns of texts", Train(data, "tokenLabels", "--text", "Text", "--text", "Label", "--pairs"));
        Fails("With --task tokenLabels a file has a word and its label on each line", Train(data, "tokenLabels"));
        Succeeds(Train(data, "multiLabel"));
        Fails("--top-k is for models of one label; this one was trained with --task multiLabel", CliRun.Of("predict", Model, "soup", "--top-k", "2"));
        Fails("--errors is for models of one label", CliRun.Of("evaluate", Model, data, "--errors", _folder.File("errors.csv")));
        Fails("trained with --task multiLabel, which this command does not know", CliRun.Of("inspect", Model, "soup"));
    }

    private CliRun Train(string data, string task, params string[] more) =>
        CliRun.Of(["train", data, "--task", task, "--out", Model, "--epochs", "30", "--force", .. more]);

    private static string[] Lines(CliRun run) => Succeeds(run).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static CliRun Succeeds(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static void Fails(string expected, CliRun run)
    {
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts() => from noun in s_nouns from first in s_words from second in s_words select $"the {noun} was {first} and {second}";

    private static string Csv(string header, Func<string, string> row) => string.Concat(Texts().Select(text => row(text) + "\n").Prepend(header + "\n"));
}
