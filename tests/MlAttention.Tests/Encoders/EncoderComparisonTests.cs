using MlAttention.Benchmarks.Encoders;
using MlAttention.Tests.Datasets;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>What the verb encoders of tests/MlAttention.Benchmarks measures, in a short form: docs/COMPARISON.md stands on it.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class EncoderComparisonTests
{
    private const int Width = Contestant.Width;

    private static readonly EncoderTraining s_short = new(Steps: 4, TestRows: 20);

    public static TheoryData<string> Courses => [.. Contestant.Courses.Select(contestant => contestant.Name)];

    [Fact]
    public void Parameters_OfTheFour_DifferByAnEighthAtMost()
    {
        Assert.All(Contestant.Courses, contestant => Assert.Equal(contestant.NewEncoder().parameters().Sum(weight => weight.numel()), contestant.Parameters));
        Assert.InRange(Contestant.Courses.Max(contestant => contestant.Parameters) / (double)Contestant.Courses.Min(contestant => contestant.Parameters), 1, 1.15);
    }

    [Theory, MemberData(nameof(Courses))]
    public void Trace_OfAnEncoder_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var contestant = Find(name);
        var encoder = contestant.NewEncoder();
        var x = randn(2, 7, Width);

        var (output, _) = ProductTrace.Run(encoder, contestant.Model, x);

        LayerChecks.AssertClose(encoder.call(x, ones(2, 7, dtype: ScalarType.Bool)), output.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void Count_OfEachEncoder_IsThatOfItsFormula(int n)
    {
        const long D = Width, F = 64, H = Width / 2, PerRecurrentMap = D * H + H * H;
        var points = EncoderPass.Count([n]).ToDictionary(point => point.Encoder, point => (point.Chain, point.Multiplications));

        Assert.Equal((2 * 6, 2 * (n * (4 * D * D + 2 * D * F) + 2 * n * n * D)), points[Contestant.Attention.Name]);
        Assert.Equal((4, 4 * n * 3 * D * D), points[Contestant.Cnn.Name]);
        Assert.Equal((2 * n, 2 * n * 2 * 4 * PerRecurrentMap), points[Contestant.Lstm.Name]);
        Assert.Equal((3 * n, 3 * n * 2 * 3 * PerRecurrentMap), points[Contestant.Gru.Name]);
    }

    [Fact]
    public void Reach_ByLayers_IsTheFieldOfEach()
    {
        var reaches = GradientReach.Reach([1, 3], length: 64).ToDictionary(point => (point.Encoder, point.Layers), point => point.Distance);

        Assert.All(new[] { Contestant.Attention, Contestant.Lstm, Contestant.Gru }, contestant => Assert.Equal(63, reaches[(contestant.Name, 1)]));
        Assert.Equal((1, 3), (reaches[(Contestant.Cnn.Name, 1)], reaches[(Contestant.Cnn.Name, 3)]));
        Assert.Equal((16, 48), (reaches[(Contestant.Window.Name, 1)], reaches[(Contestant.Window.Name, 3)]));
    }

    [Fact]
    public void Gradients_BeyondTheFieldOfTheCnn_AreZeroBeforeAndAfterTraining()
    {
        var curves = GradientReach.Measure(distance: 12, s_short);

        Assert.Equal(8, curves.Count);
        Assert.All(curves, curve => Assert.Equal(13, curve.Norms.Count));
        Assert.All(curves.Where(curve => curve.Encoder == Contestant.Cnn.Name), curve => Assert.Equal(Enumerable.Range(0, 13).Select(distance => distance <= 4), curve.Norms.Select(norm => norm > 0)));
        Assert.All(curves.Where(curve => curve.Encoder != Contestant.Cnn.Name), curve => Assert.All(curve.Norms, norm => Assert.True(norm > 0)));
        Assert.All(Contestant.Courses, contestant => Assert.NotEqual(curves.First(curve => curve.Encoder == contestant.Name).Norms, curves.Last(curve => curve.Encoder == contestant.Name).Norms));
    }

    [Fact]
    public void Recall_Rows_AskForTheLastSymbol()
    {
        var rows = RecallTask.Rows(distance: 5, rows: 50, seed: 1, "train");

        Assert.All(Enumerable.Range(0, 50), row => Assert.Equal((6, rows.Labels[row] + 1), (rows.Length(row), rows.Row(row)[5])));
        Assert.NotEqual(rows.Tokens, RecallTask.Rows(5, 50, seed: 1, "test").Tokens);
        Assert.NotEqual(rows.Tokens, RecallTask.Rows(5, 50, seed: 2, "train").Tokens);
    }

    [Fact]
    public void Recall_WithinReach_IsLearned()
    {
        double accuracy = EncoderTraining.Accuracy(RecallTask.Train(Contestant.Cnn, distance: 1, seed: 1, s_short with { Steps = 60 }), RecallTask.Rows(1, 200, 1, "test"));

        Assert.True(accuracy > 0.9, $"a CNN recalls its neighbour in {accuracy:P0} of the rows");
    }

    [Fact]
    public void DataHunger_BagOfEmbeddings_CannotTellOrders()
    {
        var points = DataHunger.Measure("word_order", RepositoryFiles.Dataset("word_order.csv"), testPath: null, [60], [1, 2], s_short).ToArray();

        Assert.Equal(Contestant.Trained.Select(contestant => contestant.Name), points.Select(point => point.Encoder));
        Assert.All(points, point => Assert.Equal((60, 2), (point.Size, point.Seeds.Count)));
        Assert.All(points[^1].Seeds, accuracy => Assert.Equal(1 / 3.0, accuracy, 6));
        Assert.Equal(1 / 3.0, points[0].Chance, 6);
    }

    [Fact]
    public void Time_OfEachSize_HasEveryContestantOnEachNumberOfThreads()
    {
        int threads = get_num_threads();

        var points = EncoderPass.Time([1], [8], [1, 2], rounds: 1, seconds: 0);

        Assert.Equal(Contestant.Timed.SelectMany(contestant => new[] { (contestant.Name, 1), (contestant.Name, 2) }), points.Select(point => (point.Encoder, point.Threads)));
        Assert.All(points, point => Assert.True(point.Milliseconds > 0));
        Assert.Equal(threads, get_num_threads());
    }

    [Fact]
    public void Page_Tables_AreTheNumbersThatAreKept()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", ComparisonTables.PageName));
        var findings = EncoderFindings.Read(Path.Combine(RepositoryFiles.Root, "docs", "pictures", ComparisonTables.NumbersName));

        Assert.Equal(page, ComparisonTables.Fill(page, findings));
        Assert.All(findings.Accuracies.Select(point => point.Task).Distinct(), task => Assert.Contains($"<!-- table: {task} -->", page, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ComparisonTables.Fill("<!-- table: nothing -->\n<!-- end of table -->", findings));
    }

    private static Contestant Find(string name) => Contestant.Courses.First(contestant => contestant.Name == name);
}
