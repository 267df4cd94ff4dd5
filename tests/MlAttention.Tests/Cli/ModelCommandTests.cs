using System.Text;
using System.Text.Json;
using MlAttention.Cli.Terminal;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Cli;

public class ModelCommandTests
{
    [Fact]
    public void Train_ThenEvaluatePredictAndInspect_WorkOnTheSavedModel()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n" + GoodAndBad(60)), model = folder.File("model.zip");

        Succeeds(CliRun.Of("train", data, "--out", model, "--epochs", "6", "--quiet"));
        var evaluated = Succeeds(CliRun.Of("evaluate", model, data, "--json"));
        Assert.Equal(1, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("microAccuracy").GetDouble(), 2);
        var predicted = Succeeds(CliRun.Of("predict", model, "a good thing", "a bad thing", "--quiet"));
        Assert.Equal(["plus", "minus"], predicted.Output.TrimEnd().Split('\n').Select(line => line.Split('\t')[0]));
        var inspected = Succeeds(CliRun.Of("inspect", model, "a good <thing>", "--out", folder.File("attention.html")));
        Assert.Contains("on itself", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("Sinusoidal position encoding: heat map", File.ReadAllText(folder.File("attention.html")), StringComparison.Ordinal);
        Assert.Contains("&lt;", File.ReadAllText(folder.File("attention.html")), StringComparison.Ordinal);

        var refused = CliRun.Of("train", data, "--out", model);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--force", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("word_order.csv")]
    [InlineData("keyword_topics.csv")]
    [InlineData("negation_scope.csv")]
    [InlineData("messy.csv")]
    public void Train_ShippedDataset_GivesAModelThatScoresEveryRow(string name)
    {
        using var folder = new TemporaryFolder();
        string data = RepositoryFiles.Dataset(name), model = folder.File("model.zip"), predictions = folder.File("predictions.csv");

        Succeeds(CliRun.Of("train", data, "--out", model, "--epochs", "1", "--quiet"));
        int rows = JsonDocument.Parse(Succeeds(CliRun.Of("evaluate", model, data, "--json")).Output).RootElement.GetProperty("rows").GetInt32();
        var predicted = Succeeds(CliRun.Of("predict", model, "--data", data, "--out", predictions));

        Assert.True(rows >= 16);
        Assert.Contains($"{rows} rows are written", predicted.Error, StringComparison.Ordinal);
        Assert.Equal(CsvTexts(data), CsvTexts(predictions));
    }

    /// <summary>What a raw export of questions looks like: CRLF between rows, bare line feeds and doubled quotes inside fields, names in lower case, non-ASCII.</summary>
    [Fact]
    public void Train_UglyExport_ReadsEveryRow()
    {
        using var folder = new TemporaryFolder();
        string[] questions = ["\"What's wrong?\nMy \"\"card\"\" isn’t here\"", "Top up €20; please", "\"Is it\n\n£5,\nor more?\"", "Exchange 10 zł", "\"\"\"Pin\"\" blocked\""];
        var content = new StringBuilder("text,category\r\n");
        for (int row = 0; row < 40; row++) content.Append(questions[row % 5]).Append(',').Append(row % 2 == 0 ? "card_arrival" : "Refund_not_showing_up?").Append("\r\n");
        string data = folder.Write("ugly.csv", content.ToString()), model = folder.File("model.zip");

        Succeeds(CliRun.Of("train", data, "--text", "text", "--label", "category", "--out", model, "--epochs", "2", "--quiet"));
        var evaluated = Succeeds(CliRun.Of("evaluate", model, data, "--text", "text", "--label", "category", "--json"));
        var predicted = Succeeds(CliRun.Of("predict", model, "--data", data, "--text", "text", "--json"));

        Assert.Equal(40, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("rows").GetInt32());
        var texts = predicted.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!).ToArray();
        Assert.Equal(40, texts.Length);
        Assert.Equal(["What's wrong?\nMy \"card\" isn’t here", "Top up €20; please", "Is it\n\n£5,\nor more?", "Exchange 10 zł", "\"Pin\" blocked"], texts[..5]);
    }

    [Fact]
    public void Train_SeveralFilesColumnsAndDelimiter_ReadsThemAll()
    {
        using var folder = new TemporaryFolder();
        for (int file = 0; file < 2; file++) folder.Write($"part{file}.csv", GoodAndBad(20).Replace("good ", "good;", StringComparison.Ordinal).Replace("bad ", "bad;", StringComparison.Ordinal).Replace(',', ';') + "a row;with too;many;fields\n");
        string model = folder.File("model.zip");
        string[] input = ["--text", "0", "--text", "1", "--label", "2", "--no-header", "--delimiter", ";", "--skip-bad-rows"];

        Succeeds(CliRun.Of(["train", folder.File("part*.csv"), "--out", model, "--epochs", "6", .. input]));
        var evaluated = Succeeds(CliRun.Of(["evaluate", model, folder.File("part0.csv"), folder.File("part1.csv"), "--json", .. input]));

        Assert.Equal(80, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("rows").GetInt32());
        Assert.Contains("warning: 2 of 82 rows were bad and left out", evaluated.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Redirected_ShowsAPlainLineAnEpochAndWritesTheLog()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n" + GoodAndBad(30));

        var trained = Succeeds(CliRun.Of("train", data, "--out", folder.File("model.zip"), "--epochs", "3", "--log", folder.File("log.jsonl")));

        Assert.Equal(3, trained.Error.Split('\n').Count(line => line.StartsWith("Epoch ", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001b', trained.Error);
        Assert.Equal(3, File.ReadLines(folder.File("log.jsonl")).Count(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString() == "epoch"));
    }

    [Fact]
    public void Train_Terminal_ShowsALineThatIsWrittenOver()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n" + GoodAndBad(30));

        var trained = Succeeds(CliRun.OnTerminal("train", data, "--out", folder.File("model.zip"), "--epochs", "3"));

        Assert.Contains("epoch 3/3, loss", trained.Error, StringComparison.Ordinal);
        Assert.Contains("100%, at most", trained.Error, StringComparison.Ordinal);
        Assert.Contains("elapsed\r ", trained.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_CheckpointsOfAnEarlierRun_GoesOnFromThem()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n" + GoodAndBad(30)), whole = folder.File("whole.zip"), resumed = folder.File("resumed.zip");
        Succeeds(CliRun.Of("train", data, "--out", whole, "--epochs", "3", "--quiet"));
        using var interrupt = new CancellationTokenSource();
        var interrupted = CliRun.Until(interrupt, line => line.StartsWith("Epoch 2", StringComparison.Ordinal), "train", data, "--out", resumed, "--epochs", "3", "--checkpoints", folder.File("run"));
        Assert.Equal(ExitCode.Failure, interrupted.ExitCode);
        Assert.Contains("mlattention: interrupted in epoch 2 of 3; the state is saved in ", interrupted.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(resumed));

        var finished = Succeeds(CliRun.Of("train", data, "--out", resumed, "--epochs", "3", "--checkpoints", folder.File("run")));

        Assert.Contains("Resumed from", finished.Error, StringComparison.Ordinal);
        Assert.Equal(Scores(whole, data), Scores(resumed, data));
    }

    [Fact]
    public void Inspect_TextWithAnUnknownWord_TellsLabelTokensAndUnknownOnesAndCountsHeadsFromOneEverywhere()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip");
        Succeeds(CliRun.Of("train", folder.Write("data.csv", "Text,Label\n" + GoodAndBad(20)), "--out", model, "--epochs", "8", "--quiet"));

        var told = Succeeds(CliRun.Of("inspect", model, "good thing zzqx"));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of("inspect", model, "good thing zzqx", "--json")).Output).RootElement;

        Assert.Matches(@"(?m)^Predicted: plus, probability 0\.\d{4}\r?$", told.Output);
        Assert.Matches(@"(?m)^Tokens: good \| thing \| zzqx \(unknown\); 1 unknown to the model\r?$", told.Output);
        Assert.Equal(("plus", 1, 3), (json.GetProperty("label").GetString(), json.GetProperty("unknownTokens").GetInt32(), json.GetProperty("tokens").GetArrayLength()));
        Assert.Equal([1, 2], json.GetProperty("heads").EnumerateArray().Select(head => head.GetProperty("layer").GetInt32()).Distinct());
        Assert.Equal([1, 2, 3, 4], json.GetProperty("heads").EnumerateArray().Select(head => head.GetProperty("head").GetInt32()).Distinct());
        Assert.Equal((2, "zzqx"), (json.GetProperty("unknownWords")[0].GetProperty("token").GetInt32(), json.GetProperty("unknownWords")[0].GetProperty("word").GetString()));
        Assert.Equal("[unknown]", json.GetProperty("tokens")[2].GetString());
        var probabilities = json.GetProperty("probabilities").EnumerateArray().ToDictionary(label => label.GetProperty("label").GetString()!, label => label.GetProperty("probability").GetSingle());
        Assert.Equal(["minus", "plus"], probabilities.Keys.Order());
        Assert.Equal(json.GetProperty("probability").GetSingle(), probabilities["plus"]);
        Assert.Equal(1, probabilities.Values.Sum(), 5);
        Assert.False(json.TryGetProperty("beside", out _));
    }

    [Fact]
    public void Inspect_TextBesideAnother_ShowsBothAndCutsNeitherSilently()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip"), page = folder.File("page.html");
        Succeeds(CliRun.Of("train", folder.Write("data.csv", "Text,Label\n" + GoodAndBad(20)), "--out", model, "--epochs", "1", "--max-length", "4", "--quiet"));
        string[] inspect = ["inspect", model, "good thing number1", "--beside", "number1 thing good and more of it"];

        var told = Succeeds(CliRun.Of([.. inspect, "--out", page]));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of([.. inspect, "--json"])).Output).RootElement;
        var empty = CliRun.Of("inspect", model, "good", "--beside", " ");

        Assert.Equal(2, told.Output.Split("Predicted: ").Length - 1);
        Assert.Contains("The text has 3 tokens more than the 4 that the model reads, and is cut", told.Error, StringComparison.Ordinal);
        Assert.Contains("3 tokens more than the 4", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Equal(["good", "thing", "number1"], json.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        Assert.Equal((0, 3), (json.GetProperty("cutTokens").GetInt32(), json.GetProperty("beside").GetProperty("cutTokens").GetInt32()));
        Assert.Equal(["number1", "thing", "good"], json.GetProperty("beside").GetProperty("tokens").EnumerateArray().Take(3).Select(token => token.GetString()));
        Assert.Equal((ExitCode.BadInput, true), (empty.ExitCode, empty.ErrorMessage.Contains("The text of --beside has no tokens.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("train", "bad.csv", "--out", "new.zip", "--epochs", "1")]
    [InlineData("ablate", "bad.csv", "--out", "report", "--quick", "--epochs", "1")]
    [InlineData("evaluate", "model.zip", "bad.csv")]
    [InlineData("predict", "model.zip", "--data", "bad.csv", "--out", "predictions.csv")]
    public void Run_BadRowAtTheEnd_NamesItAndLeavesNoFile(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n" + GoodAndBad(20));
        Succeeds(CliRun.Of("train", data, "--out", folder.File("model.zip"), "--epochs", "1", "--quiet"));
        folder.Write("bad.csv", "Text,Label\n" + GoodAndBad(100) + "one field\n");

        var run = CliRun.Of([.. arguments.Select(argument => argument.Contains('.', StringComparison.Ordinal) || argument == "report" ? folder.File(argument) : argument)]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("row 202", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["bad.csv", "data.csv", "model.zip"], folder.FileNames);
    }

    [Theory]
    [InlineData("evaluate", "nowhere.zip", "data.csv")]
    [InlineData("predict", "nowhere.zip", "text")]
    [InlineData("predict", "nowhere.zip")]
    [InlineData("train", "nowhere.csv")]
    [InlineData("train", "nowhere.csv", "--encoding", "klingon")]
    [InlineData("train", "nowhere.csv", "--epochs", "0")]
    [InlineData("train", "nowhere.csv", "--no-header")]
    [InlineData("inspect", "nowhere.zip", "text")]
    [InlineData("report", "nowhere.json")]
    [InlineData("complexity", "--longest", "100")]
    public void Run_MissingInput_IsOneLineAndExitCode2(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Single(run.ErrorMessage.Split('\n'));
    }

    [Fact]
    public void Train_OneLabel_IsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("train", folder.Write("data.csv", "Text,Label\na,x\nb,x\n"), "--out", folder.File("model.zip"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("only the label 'x'", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    private static string GoodAndBad(int pairs)
    {
        var rows = new StringBuilder();
        for (int row = 0; row < pairs; row++) rows.Append(FormattableString.Invariant($"good thing number{row % 7},plus\nbad thing number{row % 5},minus\n"));
        return rows.ToString();
    }

    private static string Scores(string model, string data) => Succeeds(CliRun.Of("predict", model, "--data", data, "--json")).Output;

    private static string[] CsvTexts(string path)
    {
        using var csv = new CsvHelper.CsvReader(new StreamReader(path), System.Globalization.CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var texts = new List<string>();
        while (csv.Read()) texts.Add(csv.GetField("Text")!);
        return [.. texts];
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
