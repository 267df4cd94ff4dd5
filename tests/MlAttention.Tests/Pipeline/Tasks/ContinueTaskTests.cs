using Microsoft.ML;

namespace MlAttention.Tests.Pipeline.Tasks;

public class ContinueTaskTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<TaskCase> Cases => TaskCase.Cases;

    /// <summary>A training that hardly moves shows what it starts from: the same numbers, in the columns that the model had.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void ContinueClassifier_EveryTask_StartsFromTheModel(TaskCase task)
    {
        var data = TaskTexts.Data(_ml);
        var model = task.Pipeline(_ml).Fit(data);
        ITransformer[] steps = [.. Flatten(model)];
        var labelled = steps.TakeWhile(step => step is not (SequenceTokenizingTransformer or WordTokenizingTransformer)).Aggregate(data, (rows, step) => step.Transform(rows));
        var training = new TrainingOptions { Epochs = 1, Seed = 5, ValidationFraction = 0, LabelSmoothing = 0, RareTokenDropout = 0, Optimizer = new() { LearningRate = 1e-9, WeightDecay = 0 } };
        string label = task.Name switch { "Regression" => "Number", "Binary" => "IsDog", _ => "Label" };

        var further = _ml.Attention().ContinueClassifier(model, training, label).Fit(labelled);

        Assert.Equal(task.Outputs.Order(), further.Transform(labelled).Schema.Select(column => column.Name).Where(task.Outputs.Contains).Distinct().Order());
        Snapshot.AssertClose(Snapshot.Of(model.Transform(data), "Score"), Snapshot.Of(further.Transform(labelled), "Score"));
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
