using Microsoft.ML;
using MlAttention.Tests.Csv;
using TorchSharp;
using Xunit.Abstractions;

namespace MlAttention.Tests.Pipeline;

/// <summary>Measures the memory of the process, so no other test may run beside these.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests(ITestOutputHelper output)
{
    private const int Parts = 4;

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Scaled scores run on the managed engine, additive ones on TorchSharp, which takes some forty times as long a row.</summary>
    [Theory]
    [InlineData(ScoreFunction.ScaledDotProduct, 10_000)]
    [InlineData(ScoreFunction.Additive, 2_000)]
    public void Predict_ManyTimes_LeavesManagedAndNativeMemoryFlat(ScoreFunction score, int predictions)
    {
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { Score = score }).Fit(TinyTexts.Data(_ml, 53));
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = TinyTexts.Rows(97, seed: 3);
        void Predict(int count)
        {
            for (var i = 0; i < count; i++) engine.Predict(rows[i % rows.Length]);
        }

        Predict(500);
        var uses = new List<(long Tensors, long Managed, long Process)> { MemoryUse() };
        for (var part = 0; part < Parts; part++)
        {
            Predict(predictions / Parts);
            uses.Add(MemoryUse());
        }

        // The process grows now and then by itself; a leak makes it grow in every part.
        var leastGrowth = uses.Zip(uses.Skip(1)).Min(pair => pair.Second.Process - pair.First.Process);
        Assert.Equal(uses[0].Tensors, uses[^1].Tensors);
        Assert.True(uses[^1].Managed - uses[0].Managed < 500_000, $"{uses[^1].Managed - uses[0].Managed} managed bytes more");
        Assert.True(leastGrowth < 1_000_000, $"the process took at least {leastGrowth} bytes more in each part");
    }

    /// <summary>A prediction into an object that is used again makes nothing new: batches, scores and the label's text are used again.</summary>
    [Fact]
    public void Predict_LongTexts_AllocateNoMoreThanShortOnes()
    {
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { MaxLength = 509 }).Fit(TinyTexts.Data(_ml, 53));
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        long Allocated(int words)
        {
            var row = new TinyTexts.Row { Text = string.Join(' ', Enumerable.Repeat("bark", words)) };
            TinyTexts.Prediction prediction = new();
            for (var i = 0; i < 3; i++) engine.Predict(row, ref prediction);
            return Enumerable.Range(0, 5).Min(_ =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 10; i++) engine.Predict(row, ref prediction);
                return (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
            });
        }

        var (few, many) = (Allocated(3), Allocated(401));

        output.WriteLine($"{few} bytes a prediction of 3 tokens, {many} of 401");
        Assert.Equal((0, 0), (few, many));
    }

    private static (long Tensors, long Managed, long Process) MemoryUse() =>
        (DisposeScopeManager.Statistics.ThreadTotalLiveCount, GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);

    [Fact]
    public void LoadCsv_LargeFile_StreamsWithoutHoldingIt()
    {
        using var folder = new CsvFolder();
        var path = folder["large.csv"];
        var text = new string('x', 1000);
        using (var writer = new StreamWriter(path))
        {
            writer.WriteLine("Text,Label");
            for (var row = 0; row < 12_000; row++) writer.WriteLine(text + ",y");
        }

        var data = _ml.Attention().LoadCsv(path);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var cursor = data.GetRowCursor(data.Schema);
        var peak = 0L;
        for (var row = 0; cursor.MoveNext(); row++)
            if (row % 4000 == 3999) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));

        Assert.True(peak - before < 4_000_000);
    }
}
