using Microsoft.ML;
using MlAttention.Tests.Data;
using TorchSharp;

namespace MlAttention.Tests.Pipeline;

/// <summary>Measures the memory of the process, so no other test may run beside these.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Predict_ManyTimes_LeavesManagedAndNativeMemoryFlat()
    {
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 53));
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = TinyTexts.Rows(97, seed: 3);
        void Predict(int count)
        {
            for (var i = 0; i < count; i++) engine.Predict(rows[i % rows.Length]);
        }

        Predict(500);
        var tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        Predict(10_000);

        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - managed < 500_000);
    }

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
