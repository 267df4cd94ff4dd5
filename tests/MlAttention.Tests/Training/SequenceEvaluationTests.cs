using MlAttention.Core.Objectives;
using MlAttention.Core.Training;

namespace MlAttention.Tests.Training;

public class SequenceEvaluationTests
{
    /// <summary>
    /// Truth a a a b b c; predicted a a b b a b. a: 2 of 3 right, predicted 3 times, F1 = 2·2/6; b: 1 right, predicted 3 times, there 2 times,
    /// F1 = 2·1/5; c: none right, F1 = 0. A fourth class is neither there nor predicted.
    /// </summary>
    [Fact]
    public void MeanF1_ByHand_IsTheMeanOverTheClassesThatOccur() =>
        Assert.Equal((4 / 6.0 + 2 / 5.0 + 0) / 3, Evaluation.MeanF1([2, 1, 0, 0], [3, 3, 0, 0], [3, 2, 1, 0]), 12);

    [Fact]
    public void Train_ValidationRows_HaveTheMacroF1OfTheirPredictions()
    {
        var rows = KeywordRows.Create(90);
        var trained = new SequenceTrainer(new() { ModelWidth = 8, Heads = 2 }, new() { Epochs = 1, Optimizer = new() { LearningRate = 0.05 } }, SequenceEngines.Factory) { CreateEngine = configuration => new BagEngine(configuration) }.Train(rows, rows);
        double macroF1 = trained.History[0].ValidationMacroF1!.Value, accuracy = trained.History[0].ValidationAccuracy!.Value;
        Assert.InRange(macroF1, 0.01, 0.99);
        Assert.NotEqual(accuracy, macroF1);
    }
}
