using System.Text.Json;
using MlAttention.Cli.Terminal;
using SkiaSharp;

namespace MlAttention.Tests.Cli;

public class InspectCommandTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Fact]
    public void Inspect_Png_WritesEveryHeadAndWhatPositionsAdd()
    {
        using var folder = new TemporaryFolder();

        var run = CliRun.Of("inspect", model.Path, "money back number1", "--png", folder.File("pictures"));

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        string[] heads = [.. from layer in new[] { 1, 2 } from head in Enumerable.Range(1, 4) select FormattableString.Invariant($"layer-{layer}-head-{head}")];
        string[] names = [.. heads, "positions", "position-similarity"];
        Assert.Equal(names.SelectMany(name => new[] { name + ".png", name + ".svg" }).Append("pictures").Order(StringComparer.Ordinal), folder.FileNames);
        Assert.Contains("10 figures", run.Output, StringComparison.Ordinal);
        Assert.All(names, name =>
        {
            using var picture = SKBitmap.Decode(folder.File($"pictures/{name}.png"));
            Assert.Contains(SKColor.Parse("#0072b2"), picture.Pixels);
        });
    }

    [Fact]
    public void Inspect_PngIntoAFolderWithFiles_IsRefusedWithoutForce()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mine.txt", "mine");
        string pictures = Path.GetDirectoryName(folder.File("mine.txt"))!;

        var refused = CliRun.Of("inspect", model.Path, "money back", "--png", pictures);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--force", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], folder.FileNames);

        Assert.Equal(0, CliRun.Of("inspect", model.Path, "money back", "--png", pictures, "--force").ExitCode);
        Assert.Equal("mine", File.ReadAllText(folder.File("mine.txt")));
    }

    [Fact]
    public void Inspect_PngBesideATextOfUnknownWords_DrawsBoth()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, CliRun.Of("inspect", model.Path, "money back", "--beside", "zzqx back", "--png", folder.File("pictures"), "--quiet").ExitCode);
        Assert.Contains("1 money to 2 back: ", File.ReadAllText(folder.File("pictures/layer-1-head-1.svg")), StringComparison.Ordinal);
        Assert.Contains("1 zzqx to 2 back: ", File.ReadAllText(folder.File("pictures/beside-layer-1-head-1.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Text_TellsWhichWordsDecided()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("inspect", model.Path, "money back zzqx", "--out", folder.File("heads.html"));
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        var json = JsonDocument.Parse(CliRun.Of("inspect", model.Path, "money back zzqx", "--json").Output).RootElement;
        var contributions = json.GetProperty("contributions");
        double[] gradients = [.. contributions.GetProperty("integratedGradients").EnumerateArray().Select(number => number.GetDouble())];

        Assert.Contains("What speaks for refund, in nats of its log-odds", run.Output, StringComparison.Ordinal);
        Assert.Matches("\n  back +\\++ +\\+[0-9]", run.Output);
        Assert.Contains("Agreement of the two methods (Kendall's tau-b): ", run.Output, StringComparison.Ordinal);
        Assert.Equal("refund", contributions.GetProperty("label").GetString());
        Assert.Equal(3, gradients.Length);
        Assert.True(gradients[1] > 0, "back stands in refunds alone");
        Assert.Equal(0, gradients[2]);
        Assert.Equal(contributions.GetProperty("logOdds").GetDouble() - contributions.GetProperty("baselineLogOdds").GetDouble(), gradients.Sum(), 0.02);
        Assert.Equal(Math.Log(json.GetProperty("probability").GetDouble() / (1 - json.GetProperty("probability").GetDouble())), contributions.GetProperty("logOdds").GetDouble(), 1e-3);
        Assert.Contains("<h2 id=\"decided\">Which words decided</h2>", File.ReadAllText(folder.File("heads.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_LabelAndSteps_AreTakenOrRefused()
    {
        var login = JsonDocument.Parse(CliRun.Of("inspect", model.Path, "money back", "--label", "login", "--steps", "3", "--json").Output).RootElement.GetProperty("contributions");
        Assert.Equal("login", login.GetProperty("label").GetString());
        Assert.True(login.GetProperty("integratedGradients")[1].GetDouble() < 0, "back speaks against login");

        var label = CliRun.Of("inspect", model.Path, "money back", "--label", "nothing");
        Assert.Equal(ExitCode.BadInput, label.ExitCode);
        Assert.Contains("--label nothing: the model has no such label; its labels are", label.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("--steps 0: give a number from 1 to 1000", CliRun.Of("inspect", model.Path, "money back", "--steps", "0").ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Head_IsTheOneThatIsMapped()
    {
        var run = CliRun.Of("inspect", model.Path, "money back number1", "--head", "2.3");
        Assert.Contains("Layer 2, head 3: a row's token attends to the columns' tokens", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n1 money ", run.Output, StringComparison.Ordinal);

        var refused = CliRun.Of("inspect", model.Path, "money back", "--head", "3.1");
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("a layer from 1 to 2 and a head from 1 to 4", refused.ErrorMessage, StringComparison.Ordinal);
    }
}
