using System.Globalization;
using System.Text;
using System.Text.Json;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class PredictCommandTests(SmallModel model) : IClassFixture<SmallModel>
{
    private static readonly string[] s_texts = ["money back", "password reset", "", "parcel late", "zzqx vvrt", "  "];

    [Fact]
    public void Predict_StandardInput_GivesALineForEachLineInItsOrder()
    {
        string input = string.Join('\n', s_texts) + "\n";
        var piped = Succeeds(CliRun.Piped(input, "predict", model.Path, "--quiet"));
        Assert.Equal(s_texts, Fields(piped, 2));
        Assert.Equal(["refund", "login", "shipping"], ((int[])[0, 1, 3]).Select(row => Fields(piped, 0)[row]));
        Assert.Equal(piped.Output, Succeeds(CliRun.Piped("\uFEFF" + input.Replace("\n", "\r\n", StringComparison.Ordinal), "predict", model.Path, "-", "--quiet")).Output);
        Assert.Equal(piped.Output, Succeeds(CliRun.Of(["predict", model.Path, "--quiet", "--", .. s_texts])).Output);
    }

    [Fact]
    public void Predict_StandardInputOfAnotherEncoding_IsReadAsToldOrRefused()
    {
        byte[] latin = Encoding.Latin1.GetBytes("money\ncafé money\n");
        Assert.Equal(["money", "café money"], Fields(Succeeds(CliRun.Piped(latin, "predict", model.Path, "--encoding", "iso-8859-1")), 2));
        var refused = CliRun.Piped(latin, "predict", model.Path);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("Standard input, line 2", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("--encoding", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_EmptyStandardInput_IsRefusedUnlessAskedFor()
    {
        using var folder = new TemporaryFolder();
        var refused = CliRun.Piped("", "predict", model.Path, "--out", folder.File("p.csv"));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("standard input is empty", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
        Assert.Equal("", Succeeds(CliRun.Piped("", "predict", model.Path, "-")).Output);
    }

    [Fact]
    public void Predict_EmptyAndUnknownTexts_AreMarkedAndCounted()
    {
        var run = Succeeds(CliRun.Of(["predict", model.Path, "--quiet", "--", .. s_texts, string.Concat(Enumerable.Repeat("money ", 300)).Trim()]));
        Assert.Equal(["", "", "(empty)", "", "(no known word)", "(empty)"], Fields(run, 3)[..6]);
        Assert.Matches(@"^\(cut to \d+ tokens\)$", Fields(run, 3)[6]);
        Assert.Matches(@"warning: 1 of 7 texts is longer than the \d+ tokens", run.Error);
        Assert.Contains("warning: 2 of 7 texts are empty", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 1 of 7 texts is without any word that the model knows", run.Error, StringComparison.Ordinal);

        using var summary = JsonDocument.Parse(Succeeds(CliRun.Of(["predict", model.Path, "--json", "--", .. s_texts])).Error);
        Assert.Equal([6, 0, 2, 1], ((string[])["texts", "cut", "empty", "withoutKnownWord"]).Select(name => summary.RootElement.GetProperty(name).GetInt32()));
    }

    [Fact]
    public void Predict_TopAndProbabilities_AreThoseOfTheModelInEveryForm()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("new.csv", "Id,Text\n7,money back\n8,password money parcel\n9,\n");
        string[] asked = ["predict", model.Path, "--data", data, "--top-k", "3", "--probabilities", "--threshold", "0.5", "--keep", "Id"];
        var lines = Succeeds(CliRun.Of([.. asked, "--quiet"]));
        var json = Succeeds(CliRun.Of([.. asked, "--json"])).Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Succeeds(CliRun.Of([.. asked, "--out", folder.File("p.csv"), "--quiet"]));
        using var reader = new CsvHelper.CsvReader(new StreamReader(folder.File("p.csv")), CultureInfo.InvariantCulture);
        var csv = reader.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row).ToArray();

        Assert.Equal(["Id", "Text", "PredictedLabel", "Probability", "PredictedLabel2", "Probability2", "PredictedLabel3", "Probability3", "Probability.refund", "Probability.login", "Probability.shipping", "Note"], csv[0].Keys);
        for (int row = 0; row < 3; row++)
        {
            var best = json[row].GetProperty("best").EnumerateArray().Select(one => (Label: one.GetProperty("label").GetString()!, Probability: one.GetProperty("probability").GetSingle())).ToArray();
            Assert.Equal(best.OrderByDescending(one => one.Probability), best);
            Assert.Equal(1, best.Sum(one => one.Probability), 5);
            Assert.Equal(best.ToDictionary(one => one.Label, one => one.Probability), json[row].GetProperty("probabilities").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetSingle()));
            bool unsure = best[0].Probability < 0.5;
            string label = unsure ? "?" : best[0].Label, id = FormattableString.Invariant($"{row + 7}");
            string[] notes = [.. json[row].GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
            Assert.Equal(unsure, notes.Contains($"unsure, at best {best[0].Label}"));

            Assert.Equal(label, json[row].GetProperty("label").GetString());
            Assert.Equal(id, json[row].GetProperty("kept").GetProperty("Id").GetString());
            Assert.Equal([id, label, best[1].Label, best[2].Label, string.Join("; ", notes)], ((string[])["Id", "PredictedLabel", "PredictedLabel2", "PredictedLabel3", "Note"]).Select(name => (string)csv[row][name]));
            Assert.Equal(best.Select(one => one.Probability), ((string[])["Probability", "Probability2", "Probability3"]).Select(name => float.Parse((string)csv[row][name], CultureInfo.InvariantCulture)));
            string[] fields = lines.Output.TrimEnd().Split('\n')[row].Split('\t');
            Assert.Equal([label, best[1].Label, best[2].Label, id], [fields[0], fields[2], fields[4], fields[9]]);
            Assert.StartsWith("refund=0.", fields[6], StringComparison.Ordinal);
        }
        Assert.Contains("empty", (string)csv[2]["Note"], StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_Threshold_GivesTheUnsureLabelAndSaysWhatIsBest()
    {
        var run = Succeeds(CliRun.Of("predict", model.Path, "money back", "--threshold", "1", "--unsure", "ask a person", "--quiet"));
        Assert.StartsWith("ask a person\t0.", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("(unsure, at best refund)\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.StartsWith("refund\t", Succeeds(CliRun.Of("predict", model.Path, "money back", "--threshold", "0", "--quiet")).Output, StringComparison.Ordinal);
    }

    /// <summary>Also columns whose names the model uses for its own.</summary>
    [Fact]
    public void Predict_KeptColumns_AreThoseOfTheFileInTheGivenOrder()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("new.csv", "Label,Text,Score,Tokens,Id\ntrue,money back,12,three,\"a\"\"b, c\"\n");
        var run = Succeeds(CliRun.Of("predict", model.Path, "--data", data, "--keep", "Id", "Score", "--keep", "Label", "--keep", "Tokens", "--json"));
        Assert.Equal("""{"Id":"a\u0022b, c","Score":"12","Label":"true","Tokens":"three"}""", JsonDocument.Parse(run.Output).RootElement.GetProperty("kept").GetRawText());
    }

    [Theory]
    [InlineData("--keep Nope", "'Nope'")]
    [InlineData("--keep Text", "--keep Text")]
    [InlineData("--keep Id --keep Id", "--keep Id")]
    [InlineData("--top-k 4", "3 labels")]
    [InlineData("--top-k 0", "at least 1")]
    [InlineData("--threshold 1.5", "from 0 to 1")]
    [InlineData("--threshold 0,5", "--threshold 0,5")]
    [InlineData("--unsure no", "--threshold")]
    public void Predict_BadOption_IsOneLineAndNoFile(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("new.csv", "Id,Text\n1,money\n");
        var run = CliRun.Of(["predict", model.Path, "--data", data, "--out", folder.File("p.csv"), .. options.Split(' ')]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.DoesNotContain("Parameter", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["new.csv"], folder.FileNames);
    }

    [Theory]
    [InlineData("--text", "money back")]
    [InlineData("--keep", "Id")]
    [InlineData("--delimiter", ";")]
    public void Predict_OptionOfFilesWithoutFiles_IsRefused(string option, string value)
    {
        foreach (var run in new[] { CliRun.Of("predict", model.Path, "money back", option, value), CliRun.Piped("money back\n", "predict", model.Path, option, value) })
        {
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains($"{option} says how the files of --data are read", run.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Predict_JsonAndAFile_WritesBothTheFileAndWhatBecameOfIt()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("p.csv");
        var run = Succeeds(CliRun.Of("predict", model.Path, "money", "", "--out", path, "--json"));
        var summary = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(path, summary.GetProperty("written").GetString());
        Assert.Equal(2, summary.GetProperty("texts").GetInt32());
        Assert.Equal(3, File.ReadAllLines(path).Length);
        Assert.Empty(run.Error);
    }

    private static string[] Fields(CliRun run, int index) => [.. run.Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.Split('\t').ElementAtOrDefault(index) ?? "")];

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
