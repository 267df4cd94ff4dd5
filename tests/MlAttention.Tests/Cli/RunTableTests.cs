using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class RunTableTests
{
    [Fact]
    public void Lines_SomeRunsDone_FillWithDevAccuracyAndShowWherePresentRunIs()
    {
        var table = new RunTable(["none", "relative bias, causal", "ALiBi"], [1, 2, 10], width: 80, height: 24);
        table.Add(Progress("none", 1, finished: 0, epoch: 0));
        table.Add(Progress("relative bias, causal", 2, finished: 4, epoch: 3, [new("none", 1, 0.5, false), new("relative bias, causal", 1, 1, false), new("ALiBi", 1, null, true), new("none", 2, 0.0449, false)]));
        Assert.Equal(
        [
            "dev texts right, %        1     2    10",
            "none                   50.0   4.5     ·",
            "relative bias, causal 100.0   3/8     ·",
            "ALiBi                 fails     ·     ·",
            "███████████████████░░░░░░░░░░░░░░░░░░░░░ 4 of 9 runs",
        ], table.Lines());
    }

    [Fact]
    public void Lines_TenSeedsAt80Columns_AreWholePerCents()
    {
        var table = new RunTable(["bag of embeddings, training shuffled"], [.. Enumerable.Range(1, 10)], width: 80, height: 24);
        table.Add(Progress("bag of embeddings, training shuffled", 2, finished: 1, epoch: 12, [new("bag of embeddings, training shuffled", 1, 0.987, false)]));
        Assert.Equal("bag of embeddings, training s…  99 e12   ·   ·   ·   ·   ·   ·   ·   ·", table.Lines()[1]);
    }

    [Theory]
    [InlineData(80, 24, 30, 10)]
    [InlineData(40, 10, 30, 40)]
    [InlineData(30, 8, 3, 1)]
    public void Lines_AnySize_FitTheTerminalAndSayWhatIsNotShown(int width, int height, int variants, int seeds)
    {
        string[] names = [.. Enumerable.Range(1, variants).Select(i => FormattableString.Invariant($"variant {i}, both shuffled"))];
        var table = new RunTable(names, [.. Enumerable.Range(1, seeds)], width, height);
        foreach (string name in names)
        {
            table.Add(Progress(name, seeds, finished: 1, epoch: 8));
            var lines = table.Lines();
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
            Assert.InRange(lines.Count, 3, height - 2);
            Assert.Contains(lines, line => line.Contains(" 8/8", StringComparison.Ordinal) || line.Contains(" e8", StringComparison.Ordinal)); // the present run
        }
        int shown = table.Lines().Count(line => line.StartsWith("variant", StringComparison.Ordinal));
        Assert.Equal(shown < variants, table.Lines().Any(line => line.StartsWith(FormattableString.Invariant($"+ {variants - shown} variant"), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(29, 24)]
    [InlineData(80, 6)]
    public void Lines_TerminalTooSmall_AreNone(int width, int height)
    {
        var table = new RunTable(["none"], [1], width, height);
        table.Add(Progress("none", 1, finished: 0, epoch: 3));
        Assert.Empty(table.Lines());
    }

    [Fact]
    public void Lines_BeforeTheFirstReport_AreNone() => Assert.Empty(new RunTable(["none"], [1], 80, 24).Lines());

    private static AblationProgress Progress(string setup, int seed, int finished, int epoch, IReadOnlyList<FinishedRun>? runs = null) =>
        new(setup, seed, finished, 9, epoch, 8, TimeSpan.FromSeconds(7), null) { Finished = runs ?? [] };
}
