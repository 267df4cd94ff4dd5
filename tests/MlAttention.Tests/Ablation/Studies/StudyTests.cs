using Microsoft.ML;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Runs;
using MlAttention.Ablation.Studies;

namespace MlAttention.Tests.Ablation.Studies;

public class StudyTests
{
    [Fact]
    public void PowerLaw_ExactPowers_GiveTheExponent()
    {
        Assert.Equal(2, PowerLaw.Fit([(1, 3), (2, 12), (4, 48), (8, 192)]).Exponent, 9);
        Assert.Equal(1.5, PowerLaw.Fit([(4, 8), (16, 64)]).Exponent, 9);
        Assert.True(double.IsNaN(PowerLaw.Fit([(4, 8)]).Exponent));
    }

    [Fact]
    public void PowerLaw_ConstantCostOfSmallSizes_DoesNotCount() => Assert.Equal(2, PowerLaw.Fit([(1, 50), (2, 50), (100, 1e4), (200, 4e4)]).Exponent, 9);

    [Fact]
    public void PowerLaw_PointsOffTheLine_HaveALowFit()
    {
        Assert.Equal(1, PowerLaw.Fit([(1, 3), (2, 12), (4, 48), (8, 192), (16, 768)]).RSquared, 9);
        Assert.InRange(PowerLaw.Fit([(1, 1), (2, 2), (4, 4), (8, 4.2), (16, 40)]).RSquared, 0.5, 0.9);
    }

    [Theory]
    [InlineData(true, 0.96, 2)]
    [InlineData(false, 0.96, 4)] // time falls once
    [InlineData(false, 0.94, 2)] // time leaves its line
    public void Complexity_NotMonotoneOrOffItsLine_IsCalledUnreliable(bool isReliable, double fit, double second)
    {
        ComplexityPoint[] points = [new(64, 1, null), new(128, second, null), new(256, 3, null)];
        ComplexityStudy study = new("one thread", [new("LSTM", "n", 64, points, 1.02, null, null, new("O(n d^2)", "1", "1", "O(n)"), fit)]);
        string expected = isReliable ? "1.02" : "unreliable";
        Assert.Contains(expected, ReportTables.Complexity(study).Rows[0]);
        Assert.Contains(expected, Assert.Single(ComplexityPlot.DrawAll(study)).Svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Summarize_HandMadeWeights_GiveHandValues()
    {
        // Token 0 looks at itself, token 1 evenly at 0 and 1, token 2 at token 1.
        var head = AttentionReader.Summarize(1, 2, [1, 0, 0, .5f, .5f, 0, 0, 1, 0], 3);
        Assert.Equal(Math.Round(Math.Log(2) / 3, 4), head.Entropy, 9);
        Assert.Equal(0.5, head.MeanDistance, 9); // (0 + 1/2 + 1) / 3
        Assert.Equal(0.5, head.DiagonalShare, 9); // (1 + 1/2 + 0) / 3
        Assert.Equal(0.5, head.PreviousShare, 9); // (0 + 1/2 + 1) / 3
    }

    [Fact]
    public void LengthTask_EveryBag_StandsUnderBothLabels()
    {
        var texts = LengthTask.Make(100, 5, 11, seed: 1);
        Assert.Equal(100, texts.Count);
        foreach (var bag in Enumerable.Range(0, texts.Count).GroupBy(row => string.Join(' ', texts.Row(row).ToArray().Order())))
            Assert.Equal(bag.Count(row => texts.Labels[row] == 0), bag.Count(row => texts.Labels[row] == 1));
        Assert.All(Enumerable.Range(0, texts.Count), row => Assert.InRange(texts.Length(row), 5, 11));
    }

    [Fact]
    public void LengthStudy_LearnedPositions_ReportWhatTheyCannot()
    {
        var plan = FakeAblation.Plan with { Positions = [PositionScheme.Learned, PositionScheme.Alibi], Seeds = [1], Epochs = 1, Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8 } };
        var study = new LengthStudyRunner(plan) { TrainedLength = 6 }.Run(null, default);
        Assert.Single(study.Curves[0].Points);
        Assert.Contains("beyond 6 tokens", study.Curves[0].Remark, StringComparison.Ordinal);
        Assert.Equal([6, 12, 18, 24], study.Curves[1].Points.Select(point => point.Longest));
        Assert.All(study.Curves[1].Points, point => Assert.Null(point.Deviation)); // one seed has no spread
        var table = ReportTables.BeyondTrainedLength(study);
        Assert.Equal("cannot", table.Rows[0][2]);
        Assert.Equal(study.Curves[0].Remark, table.Rows[0][^1]);
    }

    [Fact]
    public void ComplexityMeter_TinySizes_MeasuresEveryContender()
    {
        var study = new ComplexityMeter { Lengths = [8, 16, 32], Widths = [8, 16, 32], Passes = 1 }.Measure(null, default);
        Assert.Equal(7 * 2, study.Series.Count);
        Assert.All(study.Series, series => Assert.Equal(3, series.Points.Count));
        Assert.Contains(study.Series, series => series is { Algorithm: "LSTM", Varied: "n", Theory: { TimeExponent: "1", SequentialSteps: "O(n)" } });
        Assert.Contains(study.Series, series => series is { Algorithm: "attention, full", Varied: "n", Theory.TimeExponent: "2" });
        Assert.All(study.Series, series => Assert.Equal(Environment.ProcessorCount > 1, series.ParallelSpeedup is not null));
        Assert.All(study.Series.SelectMany(series => series.Points), point => Assert.True(point.Milliseconds > 0));
    }

    [Fact]
    public void Report_TrainedSchemes_ShowTheirAttention()
    {
        var runs = new MlAttention.Ablation.Runs.SequenceAblationTrainer(new MLContext(seed: 1), s_tiny, FakeAblation.Data);
        var run = runs.Train(s_tiny.Setups()[0], 1, _ => { }, default);
        var pattern = Assert.Single(run.Attention);
        Assert.Equal(FakeAblation.Data.Test.Length(0), pattern.Tokens.Count);
        Assert.Equal(2, pattern.Heads.Count);
        int length = pattern.Tokens.Count;
        var contributions = Assert.IsType<TokenContributions>(pattern.Contributions);
        Assert.Equal(run.Predictions[0], contributions.Class);
        Assert.All(contributions.ByMethod, method => Assert.Equal(length, method.Contributions.Count));
        Assert.Equal(contributions.LogOdds - contributions.BaselineLogOdds, contributions.IntegratedGradients.Sum(), 3);
        Assert.All(pattern.Heads, head => Assert.All(Enumerable.Range(0, length), row => Assert.Equal(1, head.Weights.Skip(row * length).Take(length).Sum(), 3)));
    }

    private static readonly AblationPlan s_tiny = FakeAblation.Plan with
    {
        Positions = [PositionScheme.Sinusoidal], Seeds = [1], Epochs = 1, Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8 },
    };
}
