using Microsoft.ML;
using MlAttention.Tests.Pipeline.Tasks;

namespace MlAttention.Tests.Pipeline;

/// <summary>Fits or loads every pipeline of the matrix and writes what it gives; runs in processes of its own.</summary>
internal static class SavedPipelines
{
    private const int RowCount = 53;

    /// <summary>Fits each pipeline, and saves its model and its values.</summary>
    public static void Fit(string folder)
    {
        foreach (var (name, outputs, make) in Pipelines())
        {
            var ml = new MLContext(seed: 3);
            var data = TinyTexts.Data(ml, RowCount);
            var model = make(ml).Fit(data);
            ml.Model.Save(model, data.Schema, Path.Combine(folder, name + ".zip"));
            Write(folder, name, Snapshot.Of(model.Transform(data), outputs));
        }

        foreach (var task in TaskCase.All)
        {
            var ml = new MLContext(seed: 3);
            var data = TaskTexts.Data(ml, RowCount);
            var model = task.Pipeline(ml).Fit(data);
            ml.Model.Save(model, data.Schema, Path.Combine(folder, task + ".zip"));
            Write(folder, task.ToString(), Snapshot.Of(model.Transform(data), task.Outputs));
        }
    }

    /// <summary>Loads each model that <see cref="Fit"/> saved, and writes its values.</summary>
    public static void Load(string models, string folder)
    {
        foreach (var (name, outputs, _) in Pipelines())
        {
            var ml = new MLContext();
            var model = ml.Model.LoadAttention(Path.Combine(models, name + ".zip"), out _);
            Write(folder, name, Snapshot.Of(model.Transform(TinyTexts.Data(ml, RowCount)), outputs));
        }

        foreach (var task in TaskCase.All)
        {
            var ml = new MLContext();
            var model = ml.Model.LoadAttention(Path.Combine(models, task + ".zip"), out _);
            Write(folder, task.ToString(), Snapshot.Of(model.Transform(TaskTexts.Data(ml, RowCount)), task.Outputs));
        }
    }

    private static IEnumerable<(string Name, string[] Outputs, Func<MLContext, IEstimator<ITransformer>> Make)> Pipelines()
    {
        foreach (var pipelineCase in PipelineCase.All) yield return (pipelineCase.Name, pipelineCase.Outputs, pipelineCase.Pipeline);
        foreach (var engine in new[] { EngineKind.Managed, EngineKind.TorchSharp })
        {
            var options = TinyTexts.Classifier with { Dropout = 0.1, Training = TinyTexts.Classifier.Training with { Compute = new() { Engine = engine, Threads = 2 } } };
            yield return ($"{engine}", ["Score", "PredictedLabel"], ml => TinyTexts.Pipeline(ml, options));
        }
    }

    private static void Write(string folder, string name, string[] rows) => File.WriteAllLines(Path.Combine(folder, name + ".txt"), rows);
}
