using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public sealed class ProgressLineTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _error.Dispose();

    [Fact]
    public void Show_Redirected_WritesWithinASecondAndThenEveryTenSeconds()
    {
        using var line = Line();
        line.Show(["epoch 1/3", "loss 0.5"]);
        Assert.Equal("", _error.ToString());

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("epoch 1/3, loss 0.5, 1.0 s elapsed\n", _error.ToString());
        line.Show(["epoch 2/3"]);
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("epoch 1/3, loss 0.5, 1.0 s elapsed\nepoch 2/3, 11 s elapsed\nepoch 2/3, 21 s elapsed\n", _error.ToString());
    }

    [Fact]
    public void Say_Redirected_CountsAsTheLineThatIsDue()
    {
        using var line = Line();
        _clock.Advance(TimeSpan.FromSeconds(0.4));
        line.Say("Epoch 1 is done.");

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal("Epoch 1 is done.\n", _error.ToString());
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("Epoch 1 is done.\nreading, 10 s elapsed\n", _error.ToString());
    }

    [Fact]
    public void Show_Silent_WritesNothingButWhatIsSaid()
    {
        using var line = Line(silent: true);
        line.Show(["epoch 1/3"], isNews: true);
        _clock.Advance(TimeSpan.FromMinutes(1));
        line.Say("warning: one");
        Assert.Equal("warning: one\n", _error.ToString());
    }

    [Fact]
    public void Dispose_LaterTicks_WriteNothing()
    {
        Line().Dispose();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", _error.ToString());
    }

    [Theory]
    [InlineData(80, "epoch 1/40, loss 0.512, at most 5 min left, 40000 tokens/s, 0.0 s elapsed")]
    [InlineData(50, "epoch 1/40, loss 0.512, at most 5 min left")]
    [InlineData(30, "epoch 1/40, loss 0.512")]
    [InlineData(9, "epoch")]
    [InlineData(3, "")]
    public void Show_Terminal_DropsWholePartsAndWordsToFit(int width, string expected)
    {
        using var line = Line(width, isTerminal: true);
        _error.GetStringBuilder().Clear();
        line.Show(["epoch 1/40", "loss 0.512", "at most 5 min left", "40000 tokens/s"]);
        Assert.Equal(expected, _error.ToString().Split('\r')[^1]);
        Assert.All(_error.ToString().Split('\r'), drawn => Assert.True(drawn.Length < width));
    }

    [Fact]
    public void Say_Terminal_TakesTheLineAwayFirst()
    {
        using var line = Line(isTerminal: true);
        line.Say("warning: one");
        Assert.Equal("reading, 0.0 s elapsed\r                      \rwarning: one\n", _error.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AblationProgress_LastReport_SaysThatTheRunsAreDoneAndNoEpoch(bool isTerminal)
    {
        using (var line = Line(isTerminal: isTerminal))
        {
            var progress = new AblationProgressLine(line);
            progress.Report(Progress(finished: 0, epoch: 3));
            progress.Report(Progress(finished: 2, epoch: 0));
        }
        string[] shown = [.. _error.ToString().Split('\r', '\n').Where(text => text.Trim().Length > 0)];
        Assert.Equal("2 runs done in 7.0 s", shown[^1]);
        Assert.Contains("run 1 of 2: attention-rotary-causal, seed 5, epoch 3/8, 0.0 s elapsed", shown);
        Assert.DoesNotContain(shown, text => text.Contains("done", StringComparison.Ordinal) && text.Contains("epoch", StringComparison.Ordinal));
    }

    [Fact]
    public void AblationProgress_AfterTheLastRun_TellsWhatIsStillDone()
    {
        using var line = Line();
        new AblationProgressLine(line).Report(Progress(finished: 2, epoch: 0));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("2 runs done in 7.0 s\ncomputing baselines and statistics, 10 s elapsed\n", _error.ToString());
    }

    [Fact]
    public void Show_TableOnATerminal_StandsAboveTheLineAndIsTakenAwayWithIt()
    {
        using (var line = Line(isTerminal: true))
        {
            _error.GetStringBuilder().Clear();
            line.Show(["half"], table: ["a table", "of two lines"]);
            Assert.EndsWith("a table\nof two lines\nhalf, 0.0 s elapsed", _error.ToString(), StringComparison.Ordinal);
            _error.GetStringBuilder().Clear();
            line.Say("warning: one");
            Assert.Equal("\r\u001b[2A\u001b[Jwarning: one\n", _error.ToString());
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.EndsWith("a table\nof two lines\nhalf, 1.0 s elapsed", _error.ToString(), StringComparison.Ordinal);
        }
        Assert.EndsWith("\r\u001b[2A\u001b[J", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_TableElsewhere_IsNotWritten()
    {
        using var line = Line();
        line.Show(["half"], isNews: true, table: ["a table"]);
        Assert.Equal("half, 0.0 s elapsed\n", _error.ToString());
    }

    private static AblationProgress Progress(int finished, int epoch) =>
        new(new AblationSetup(PositionScheme.Rotary, MaskKind.Causal, EncoderKind.Attention, false).Name, 5, finished, 2, epoch, 8, TimeSpan.FromSeconds(7), null);

    private ProgressLine Line(int width = 120, bool isTerminal = false, bool silent = false)
    {
        var console = CliConsole.Of(TextWriter.Null, _error, width, isTerminal);
        console.Clock = _clock;
        return new(console, silent, "reading");
    }
}
