using MlAttention.Core.Objectives;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Objectives;

/// <summary>What validation measures, against numbers counted by hand.</summary>
public class EvaluationTests
{
    /// <summary>
    /// Labels {0}, {1,2}, {} ; predicted {0}, {1}, {0}. Right 2 of 3 predicted, 3 there: micro F1 = 4/6. Label 0: 2·1/(2+1); label 1: 1;
    /// label 2: 0. One row of three is all right.
    /// </summary>
    [Fact]
    public void SeveralLabels_ByHand()
    {
        var evaluation = Objective.Of(TaskKind.MultiLabel).NewEvaluation(3, null);
        evaluation.Add(Batch(3, Targets.SeveralEach([0, 1, 2], [0, 1, 3, 3])), [1, -1, -1, -2, 2, -0.5f, 3, -1, -1]);
        var result = evaluation.Result();

        Assert.Equal(4 / 6.0, result.MicroF1!.Value, 12);
        Assert.Equal((2 / 3.0 + 1 + 0) / 3, result.MacroF1!.Value, 12);
        Assert.Equal(1 / 3.0, result.Accuracy!.Value, 12);
        Assert.Equal(result.MicroF1, result.Score);
    }

    /// <summary>Targets 1, 2, 6 with mean 3: total 4 + 1 + 9 = 14; errors 1, 0, -2: 5.</summary>
    [Fact]
    public void Numbers_ByHand()
    {
        var evaluation = Objective.Of(TaskKind.Regression).NewEvaluation(1, null);
        evaluation.Add(Batch(2, Targets.OfNumbers([1, 2])), [2, 2]);
        evaluation.Add(Batch(1, Targets.OfNumbers([6])), [4]);
        var result = evaluation.Result();

        Assert.Equal(5 / 3.0, result.Loss, 12);
        Assert.Equal(1 - 5 / 14.0, result.RSquared!.Value, 12);
        Assert.Null(result.Accuracy);
    }

    /// <summary>
    /// O=0, B-X=1, I-X=2. There: X at 1..3, X at 4..5. Predicted: X at 1..3 (right), X at 4..6 (end wrong). F1 = 2·1/(2+2). The unlabelled
    /// token between counts for nothing, and joins the two of the first entity.
    /// </summary>
    [Fact]
    public void Entities_ByHand()
    {
        int[] labels = [0, 1, Targets.Ignored, 2, 0, 1, 0], predicted = [0, 1, 0, 2, 0, 1, 2];
        var evaluation = Objective.Of(TaskKind.TokenLabels).NewEvaluation(3, ["O", "B-X", "I-X"]);
        evaluation.Add(new TokenBatch { Rows = 1, Length = 7, Tokens = new int[7], Lengths = [7], Targets = Targets.OfTokens(labels, [0, 7]) },
            [.. predicted.SelectMany(label => Enumerable.Range(0, 3).Select(c => c == label ? 2f : 0))]);
        var result = evaluation.Result();

        Assert.Equal(0.5, result.EntityF1!.Value, 12);
        Assert.Equal(5 / 6.0, result.Accuracy!.Value, 12);
        Assert.Equal(result.EntityF1, result.Score);
    }

    [Fact]
    public void TokenLabels_NoBio_ChoosesByAccuracy()
    {
        var evaluation = Objective.Of(TaskKind.TokenLabels).NewEvaluation(2, ["NOUN", "VERB"]);
        evaluation.Add(new TokenBatch { Rows = 1, Length = 2, Tokens = new int[2], Lengths = [2], Targets = Targets.OfTokens([0, 1], [0, 2]) }, [1, 0, 1, 0]);
        Assert.Null(evaluation.Result().EntityF1);
        Assert.Equal(0.5, evaluation.Result().Score);
    }

    /// <summary>
    /// Three of five places have a label. Probabilities of the right token 1/2, 1/4 and 1/8: a mean loss of 2 log 2, a perplexity of 4. Only
    /// the first is the likeliest. Less perplexity is better, whatever the accuracy.
    /// </summary>
    [Fact]
    public void PredictedTokens_ByHand()
    {
        int[] labels = [1, Targets.Ignored, 0, Targets.Ignored, 2];
        float[] probabilities = [1 / 4f, 1 / 2f, 1 / 4f, /* */ 1 / 4f, 1 / 4f, 1 / 2f, /* */ 3 / 8f, 1 / 2f, 1 / 8f];
        var evaluation = Objective.Of(TaskKind.MaskedTokens).NewEvaluation(3, null);
        evaluation.Add(new TokenBatch { Rows = 1, Length = 5, Tokens = new int[5], Lengths = [5], Targets = Targets.OfTokens(labels, [0, 5]) }, Array.ConvertAll(probabilities, MathF.Log));
        var result = evaluation.Result();

        Assert.Equal(2 * Math.Log(2), result.Loss, 6);
        Assert.Equal(4, result.Perplexity!.Value, 5);
        Assert.Equal(1 / 3.0, result.Accuracy!.Value, 12);
        Assert.Equal(-result.Perplexity, result.Score);
    }

    /// <summary>What conlleval and seqeval find: an I without its B begins an entity, another kind or a B ends one.</summary>
    [Theory]
    [InlineData("B-X I-X O B-Y", "X 0-2, Y 3-4")]
    [InlineData("I-X I-X", "X 0-2")]
    [InlineData("B-X B-X I-X", "X 0-1, X 1-3")]
    [InlineData("B-X I-Y", "X 0-1, Y 1-2")]
    [InlineData("O I-Y B-Y O I-X", "Y 1-2, Y 2-3, X 4-5")]
    [InlineData("O O", "")]
    [InlineData("", "")]
    public void Entities_OfTags_AreThoseOfConlleval(string tags, string expected)
    {
        string[] labels = ["O", "I-Y", "B-X", "I-X", "B-Y"];
        var entityTags = new EntityTags(labels);
        int[] sequence = [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(tag => Array.IndexOf(labels, tag))];
        Assert.Equal(expected, string.Join(", ", entityTags.Entities(sequence).Select(entity => $"{entityTags.Kinds[entity.Kind]} {entity.Start}-{entity.End}")));
    }

    [Theory]
    [InlineData(true, "O", "B-X", "I-X")]
    [InlineData(true, "I-X", "B-X")]
    [InlineData(false, "O")]
    [InlineData(false, "O", "B-X", "NOUN")]
    [InlineData(false, "O", "B-")]
    public void AreBio_Labels_TellsEntities(bool expected, params string[] labels) => Assert.Equal(expected, EntityTags.AreBio(labels));

    private static TokenBatch Batch(int rows, Targets targets) => new() { Rows = rows, Length = 1, Tokens = new int[rows], Lengths = new int[rows], Targets = targets };
}
