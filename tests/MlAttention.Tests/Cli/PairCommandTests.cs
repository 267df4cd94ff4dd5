using System.Text.Json;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>Pairs of texts on the command line: trained, measured, predicted from files, arguments and standard input, looked at.</summary>
public class PairCommandTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_Pairs_AreReadTheSameByEveryCommand(bool pretrained)
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("pairs.csv", "Question,Answer,Label\n" + Rows()), model = folder.File("model.zip");
        string[] from = pretrained ? ["--pretrained", SmallEncoder.Folder, "--epochs", "1"] : ["--token-types", "2", "--epochs", "4"];

        Succeeds(CliRun.Of(["train", data, "--text", "Question", "--text", "Answer", "--pairs", "--out", model, .. from, "--quiet"]));

        Succeeds(CliRun.Of("evaluate", model, data, "--quiet"));
        string[] fromFile = Lines(Succeeds(CliRun.Of("predict", model, "--data", data, "--keep", "Answer", "--quiet")));
        Assert.Equal("not bad", fromFile[1].Split('\t')[2]);
        Assert.Equal("the film was very good | not bad", fromFile[1].Split('\t')[3]);
        string[] given = Lines(Succeeds(CliRun.Of("predict", model, "--quiet", "the film was very good", "not bad", "very good", "the cat was not bad")));
        Assert.Equal(2, given.Length);
        Assert.Equal(fromFile[1].Split('\t')[..2], given[0].Split('\t')[..2]);
        Assert.Equal(given, Lines(Succeeds(CliRun.Piped("the film was very good\tnot bad\nvery good\tthe cat was not bad\n", "predict", model, "--quiet"))));
        using var inspected = JsonDocument.Parse(Succeeds(CliRun.Of("inspect", model, "the film was very good", "not bad", "--beside", "not bad", "--beside", "the film was very good", "--json")).Output);
        string[] tokens = [.. inspected.RootElement.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)];
        Assert.Equal(pretrained ? 2 : 1, tokens.Count(token => token == "[SEP]"));
        Assert.Equal(given[0].Split('\t')[0], inspected.RootElement.GetProperty("label").GetString());
    }

    [Fact]
    public void Predict_WrongNumberOfTexts_SaysWhatTheModelReads()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("pairs.csv", "Question,Answer,Label\n" + Rows()), model = folder.File("model.zip");
        Succeeds(CliRun.Of("train", data, "--text", "Question", "--text", "Answer", "--pairs", "--out", model, "--epochs", "1", "--quiet"));

        Refused("reads 2 texts together (Question, Answer), and 3 are given", CliRun.Of("predict", model, "a", "b", "c"));
        Refused("Standard input, line 2: has 1 texts; the model reads 2 together (Question, Answer), with a tab between", CliRun.Piped("a\tb\nc\n", "predict", model));
        Refused("The model reads 2 texts together (Question, Answer), and --text names 1: Question", CliRun.Of("evaluate", model, data, "--text", "Question"));
        Refused("has 1 parts; the model reads 2 together: Question, Answer", CliRun.Of("inspect", model, "a"));
        Refused("--pairs keeps the texts of several columns apart, and --text names one, Question", CliRun.Of("train", data, "--text", "Question", "--pairs", "--out", folder.File("other.zip")));
    }

    [Fact]
    public void Ablate_PairsWithOnePart_SaysSoInTheReport()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("pairs.csv", "Question,Answer,Label\n" + Rows());

        Succeeds(CliRun.Of("ablate", data, "--text", "Question", "--text", "Answer", "--pairs", "--parts", "second", "--quick", "--seeds", "1", "--epochs", "1", "--positions", "none,sinusoidal", "--baselines", "majority,bagOfWords", "--out", folder.File("report"), "--quiet"));

        string report = File.ReadAllText(folder.File("report/report.md"));
        Assert.Contains("Question and Answer, one sequence with a separator between; the order of Answer is tried, that of the rest stays", report, StringComparison.Ordinal);
        Assert.Contains("the order of Answer is tried", File.ReadAllText(folder.File("report/report.html")), StringComparison.Ordinal);
        Refused("--parts", CliRun.Of("ablate", data, "--text", "Question", "--parts", "second", "--quick", "--out", folder.File("other")));
    }

    private static string Rows() => string.Concat(Enumerable.Range(0, 48).Select(row =>
        $"{(row % 4 < 2 ? "the cat" : "the film")} was {(row % 3 == 0 ? "very good" : "very bad")},{(row % 2 == 0 ? "very good" : "not bad")},{(row % 2 == 0 ? "plus" : "minus")}\n"))
        .Replace("the cat was very bad,not bad", "the film was very good,not bad", StringComparison.Ordinal);

    private static string[] Lines(CliRun run) => run.Output.TrimEnd().Split('\n');

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }

    private static void Refused(string because, CliRun run)
    {
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(because, run.ErrorMessage, StringComparison.Ordinal);
    }
}
