using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MlAttention.Cli.Input;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class TrainCommandTests
{
    [Fact]
    public void Train_EveryOptionOfTheModel_ReachesIt()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--width", "12", "--heads", "3", "--layers", "1", "--feed-forward", "20", "--max-length", "17", "--dropout", "0.3", "--pooling", "attention", "--mask", "causal", "--positions", "shawRelative", "--clip-distance", "5"));

        var model = Architecture(folder);

        Assert.Equal((12, 3, 1, 20, 17, 0.3), (model.ModelWidth, model.Heads, model.Layers, model.FeedForwardWidth, model.MaxLength, model.Dropout));
        Assert.Equal((PoolingKind.Attention, MaskKind.Causal, PositionScheme.ShawRelative, 5), (model.Pooling, model.Mask, model.Positions, model.PositionDetails.ClipDistance));
    }

    [Fact]
    public void Train_EncoderAndSymmetricAlibi_ReachTheModel()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--positions", "alibi", "--symmetric-alibi"));
        Assert.False(Architecture(folder).PositionDetails.AlibiOneSided);
        Succeeds(Train(folder, "--encoder", "bagOfEmbeddings", "--positions", "none", "--force"));
        Assert.Equal(EncoderKind.BagOfEmbeddings, Architecture(folder).Encoder);
    }

    [Fact]
    public void Train_BatchSizePatienceAndClassWeights_ReachTheRun()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--batch-size", "7", "--patience", "3", "--class-weights", "balanced", "--log", folder.File("logs/log.jsonl")));
        string options = JsonDocument.Parse(File.ReadLines(folder.File("logs/log.jsonl")).First()).RootElement.GetProperty("details").GetProperty("training").GetString()!;
        foreach (string part in (string[])["\"BatchSize\":7", "\"Patience\":3", "\"BalanceClasses\":true"]) Assert.Contains(part, options, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ValidationFile_ChoosesTheEpochByIt()
    {
        using var folder = new TemporaryFolder();
        string validation = folder.Write("validation.csv", "Text,Label\ngood thing,plus\nbad thing,minus\nfair thing,zero\nno label,\n");

        var run = Succeeds(CliRun.Of("train", folder.Write("data.csv", Rows(60)), "--out", folder.File("model.zip"), "--epochs", "6", "--validation", validation));
        var json = JsonDocument.Parse(Succeeds(Train(folder, "--validation", validation, "--json", "--force")).Output).RootElement;

        Assert.Contains("warning: 2 of 4 validation rows have no label, or one that no training row has, and are left out.", run.Error, StringComparison.Ordinal);
        Assert.Contains("labels that the training data does not have: 'zero'", run.Error.Replace("row has a label that", "rows have labels that", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.Contains("no label", StringComparison.Ordinal));
        Assert.Contains("of 2 validation rows right, macro-F1", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, 120), (json.GetProperty("validationRows").GetInt32(), json.GetProperty("trainingRows").GetInt32()));
    }

    [Fact]
    public void Train_ValidationFileOfOtherLabels_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, "--validation", folder.Write("other.csv", "Text,Label\ngood,a\nbad,b\n"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("no label of its 2 rows is one of the training rows", run.ErrorMessage, StringComparison.Ordinal);
        var both = Train(folder, "--validation", folder.File("other.csv"), "--group", "none");
        Assert.Contains("either --group or --validation", both.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_BeginsWithWhatItReadAndEndsWithAccuracyAndMacroF1()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", Rows(60).Replace("bad thing number1,minus\n", "bad thing number1,\n", StringComparison.Ordinal));

        var run = Succeeds(CliRun.Of("train", data, "--out", folder.File("model.zip"), "--epochs", "2"));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of("train", data, "--out", folder.File("again.zip"), "--epochs", "2", "--json")).Output).RootElement;

        Assert.Contains($"{data}: 120 rows, 12 of them without a label, 360 words; the longest text has 3 words ({data}, row 2)", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 classes: plus 60, minus 48", run.Error, StringComparison.Ordinal);
        Assert.Matches("Validation: 1[01] of 108 rows are held out, class by class.", run.Error);
        Assert.Matches(@"model\.zip: [0-9.]+% of 1[01] held-out rows right, macro-F1 [01]\.[0-9]{3}, after epoch [12] of 2, whose weights are kept\n$", run.Output);
        Assert.Equal((120, 12, 60, 3, 2), (Number("rows"), Number("unlabelledRows"), json.GetProperty("rowsOfClass").GetProperty("plus").GetInt32(), Number("longestText"), Number("epochs")));
        Assert.InRange(json.GetProperty("validationMacroF1").GetDouble(), 0, 1);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("heldOutBy").ValueKind);

        int Number(string name) => json.GetProperty(name).GetInt32();
    }

    [Fact]
    public void Train_GroupColumn_HoldsOutByItAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        string[] rows = Rows(60).TrimEnd().Split('\n');
        string data = folder.Write("grouped.csv", string.Join('\n', rows.Select((row, number) => number == 0 ? $"{row},Family" : FormattableString.Invariant($"{row},{(number - 1) / 6}"))));

        var run = Succeeds(CliRun.Of("train", data, "--out", folder.File("model.zip"), "--epochs", "1", "--group", "Family"));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of("train", data, "--out", folder.File("again.zip"), "--epochs", "1", "--group", "Family", "--json")).Output).RootElement;

        Assert.Contains("Held out by the column Family (20 groups): rows of one group stay together.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Validation: 12 of 120 rows are held out, 2 of 20 groups.", run.Error, StringComparison.Ordinal);
        Assert.Equal("Family", json.GetProperty("heldOutBy").GetString());
    }

    [Fact]
    public void Train_TextsLongerThanTheModel_SaysHowManyAndTheOption()
    {
        using var folder = new TemporaryFolder();
        var run = Succeeds(Train(folder, "--max-length", "2"));
        Assert.Contains("Truncated: 120 tokens of 120 rows, because --max-length 2.", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.IndexOf("Truncated", StringComparison.Ordinal) < run.Error.IndexOf("Epoch 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--epochs 0", "--epochs 0: must be at least 1.")]
    [InlineData("--epochs 1.5", "--epochs 1.5: give a whole number")]
    [InlineData("--learning-rate 0", "--learning-rate 0: must be greater than 0.")]
    [InlineData("--learning-rate nan", "--learning-rate nan: give a number")]
    [InlineData("--threads 5000", "--threads 5000: must be from 0 to 256.")]
    [InlineData("--seed 99999999999", "--seed 99999999999: give a whole number")]
    [InlineData("--engine gpu", "--engine gpu: there is no such value. There are: auto, torchSharp, managed.")]
    [InlineData("--positions rope", "--positions rope: there is no such value.")]
    [InlineData("--class-weights inverse", "--class-weights inverse: there is no such value. There are: balanced, none.")]
    [InlineData("--mask none", "--mask none: there is no such value. There are: bidirectional, causal,")]
    [InlineData("--width 6 --heads 2 --positions rotary", "--width 6: rotary positions need heads of even width, and with --heads 2 it is 3.")]
    [InlineData("--encoder lstm --positions rotary", "--positions rotary: acts inside attention")]
    [InlineData("--batch-size 0 --patience -1", "--batch-size 0: must be at least 1 row. --patience -1: must be 0 or more epochs.")]
    public void Train_BadValue_IsOneLineInTheWordsOfTheCommandLine(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, options.Contains("--epochs", StringComparison.Ordinal) ? 0 : 1, options.Split(' '));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.StartsWith($"mlattention: {expected}", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.DoesNotMatch("[a-z][A-Z][a-z]+ = |Options", run.ErrorMessage);
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    [Fact]
    public void Train_CheckpointsOfOtherOptionsOrData_NamesTheDifferenceAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--checkpoints", folder.File("run")));

        var longer = Train(folder, 0, "--checkpoints", folder.File("run"), "--force", "--epochs", "3", "--class-weights", "balanced");
        folder.Write("data.csv", Rows(61));
        var otherData = CliRun.Of("train", folder.File("data.csv"), "--out", folder.File("b.zip"), "--epochs", "1", "--checkpoints", folder.File("run"));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (longer.ExitCode, otherData.ExitCode));
        Assert.Contains("is of a run with --epochs 1, --class-weights none; this one has --epochs 3, --class-weights balanced, and so other weights from the first step on. Repeat that run's options, or name another folder with --checkpoints", longer.Error, StringComparison.Ordinal);
        Assert.Contains("is of a run on other data: ", otherData.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("b.zip")));
    }

    [Fact]
    public void Train_CheckpointsOfTheFinishedRun_WritesTheModelAtOnce()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--checkpoints", folder.File("run")));
        File.Delete(folder.File("model.zip"));

        var again = Succeeds(Train(folder, "--checkpoints", folder.File("run")));

        Assert.DoesNotContain("Epoch ", again.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("model.zip")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_PlaceLostWhileTraining_KeepsTheModelElsewhereAndSaysWhere(bool hasCheckpoints)
    {
        using var folder = new TemporaryFolder();
        string models = Directory.CreateDirectory(folder.File("models")).FullName, data = folder.Write("data.csv", Rows(60));
        string[] checkpoints = hasCheckpoints ? ["--checkpoints", folder.File("run")] : [];
        using var never = new CancellationTokenSource();

        var run = CliRun.Until(never, line =>
        {
            if (!line.StartsWith("Epoch 1", StringComparison.Ordinal)) return false;
            Directory.Delete(models);
            File.WriteAllText(models, "");
            return false;
        }, ["train", data, "--out", Path.Combine(models, "m.zip"), "--epochs", "1", .. checkpoints]);

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        string message = run.ErrorMessage.Split('\n')[^1], kept = message[(message.IndexOf("The model is in ", StringComparison.Ordinal) + 16)..^"; move it from there.".Length];
        Assert.StartsWith($"mlattention: {Path.Combine(models, "m.zip")} cannot be written: ", message, StringComparison.Ordinal);
        Assert.Equal(hasCheckpoints, kept.StartsWith(folder.File("run"), StringComparison.Ordinal));
        Succeeds(CliRun.Of("predict", kept, "a good thing"));
        File.Delete(kept);
    }

    [Fact]
    public void Train_InterruptedWithoutCheckpoints_SaysThatNothingIsKept()
    {
        using var folder = new TemporaryFolder();
        using var interrupt = new CancellationTokenSource();
        var run = CliRun.Until(interrupt, line => line.StartsWith("Epoch 2", StringComparison.Ordinal), "train", folder.Write("data.csv", Rows(60)), "--out", folder.File("model.zip"), "--epochs", "9");
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.EndsWith("mlattention: interrupted in epoch 2 of 9, and nothing is kept; with --checkpoints the same command would go on from here.", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    [Fact]
    public void Train_InterruptedWhileReading_StopsBeforeTheEndOfTheFile()
    {
        using var interrupted = new CancellationTokenSource();
        var context = new MLContext(1);
        using var folder = new TemporaryFolder();
        var data = new InterruptibleView(context.Attention().LoadCsv(folder.Write("data.csv", Rows(60))), interrupted.Token);
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.True(cursor.MoveNext());
        interrupted.Cancel();
        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());
    }

    [Fact]
    public void Train_DivergedRun_NamesTheOptionAndNoProperty()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, 0, "--epochs", "9", "--learning-rate", "1e30");
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.EndsWith("Lower --learning-rate, or look for broken rows among these.", run.ErrorMessage, StringComparison.Ordinal);
    }

    private static CliRun Train(TemporaryFolder folder, params string[] options) => Train(folder, 1, options);

    private static CliRun Train(TemporaryFolder folder, int epochs, params string[] options)
    {
        string[] given = epochs == 0 ? [] : ["--epochs", epochs.ToString(CultureInfo.InvariantCulture)];
        return CliRun.Of(["train", folder.Write("data.csv", Rows(60)), "--out", folder.File("model.zip"), .. given, .. options]);
    }

    private static SequenceModelOptions Architecture(TemporaryFolder folder) => SavedModel.ClassifierOf(SavedModel.Load(new MLContext(1), folder.File("model.zip"))).Model.Architecture;

    private static string Rows(int pairs)
    {
        var rows = new StringBuilder("Text,Label\n");
        for (int row = 0; row < pairs; row++) rows.Append(FormattableString.Invariant($"good thing number{row % 7},plus\nbad thing number{row % 5},minus\n"));
        return rows.ToString();
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
