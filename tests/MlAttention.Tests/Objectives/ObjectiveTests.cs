using System.Globalization;
using MlAttention.Core.Objectives;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Objectives;

/// <summary>Every objective: its loss against the formula in float64, its gradient against finite differences of that formula.</summary>
public class ObjectiveTests
{
    private const int Rows = 5, Length = 3, Classes = 7;

    public static TheoryData<TaskKind, double> Cases()
    {
        var cases = new TheoryData<TaskKind, double>();
        foreach (var task in Enum.GetValues<TaskKind>())
        {
            cases.Add(task, 0);
            if (task != TaskKind.Regression) cases.Add(task, 0.2);
        }
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Backward_RandomLogits_GivesTheFormulasLossAndItsFiniteDifferences(TaskKind task, double smoothing)
    {
        var random = new Random(3);
        int classes = RandomTargets.Classes(task, Classes);
        var objective = Objective.Of(task);
        var batch = Batch(task, random, classes);
        double[] logits = [.. Enumerable.Range(0, objective.Vectors(batch) * classes).Select(_ => 6 * random.NextDouble() - 3)];
        const float Factor = 0.7f;

        double loss = 0;
        float[] gradients = Array.ConvertAll(logits, value => (float)value);
        int[] places = task.PredictsTokens ? batch.Targets.LabelledPlaces() : [.. Enumerable.Range(0, objective.Vectors(batch))];
        for (int vector = 0; vector < objective.Vectors(batch); vector++)
            loss += objective.Backward(gradients.AsSpan(vector * classes, classes), batch.Targets, places[vector], Factor, smoothing);

        Assert.Equal(ReferenceLoss.Of(task, batch, logits, classes, smoothing), loss, 1e-4);
        for (int i = 0; i < logits.Length; i++)
        {
            double slope = (Shifted(i, 1e-5) - Shifted(i, -1e-5)) / 2e-5;
            Assert.True(Math.Abs(Factor * slope - gradients[i]) < 1e-5, string.Create(CultureInfo.InvariantCulture, $"{task} {i}: {Factor * slope}, got {gradients[i]}"));
        }

        double Shifted(int index, double by) => ReferenceLoss.Of(task, batch, [.. logits.Select((value, i) => i == index ? value + by : value)], classes, smoothing);
    }

    /// <summary>log 2 for a logit of 0, and log(1 + e^-2) for a logit of 2 that is right, whatever the other label.</summary>
    [Fact]
    public void Backward_SeveralLabelsByHand_IsTheMeanOverTheLabels()
    {
        float[] logits = [0, 2];
        double loss = Objective.Of(TaskKind.MultiLabel).Backward(logits, Targets.SeveralEach([1], [0, 1]), 0, 1, 0);
        Assert.Equal((Math.Log(2) + Math.Log(1 + Math.Exp(-2))) / 2, loss, 7);
        Assert.Equal(0.25f, logits[0], 1e-7f);
        Assert.Equal((float)((1 / (1 + Math.Exp(-2)) - 1) / 2), logits[1], 1e-7f);
    }

    [Theory]
    [InlineData(TaskKind.MultiLabel, new[] { 1000f, -1000f, 0f })]
    [InlineData(TaskKind.SingleLabel, new[] { 1000f, -1000f, 0f })]
    public void Backward_HugeLogits_StaysFinite(TaskKind task, float[] logits)
    {
        Targets targets = task == TaskKind.MultiLabel ? Targets.SeveralEach([1], [0, 1]) : new[] { 1 };
        Assert.True(double.IsFinite(Objective.Of(task).Backward(logits, targets, 0, 1, 0.1)));
        Assert.All(logits, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Activate_EachTask_GivesProbabilitiesOrTheNumber()
    {
        Assert.Equal([0.25f, 0.75f], Activated(TaskKind.SingleLabel, 0, MathF.Log(3)));
        Assert.Equal([0.25f, 0.75f], Activated(TaskKind.TokenLabels, 0, MathF.Log(3)));
        Assert.Equal([0.5f, 0.75f], Activated(TaskKind.MultiLabel, 0, MathF.Log(3)));
        Assert.Equal([-3.5f], Activated(TaskKind.Regression, -3.5f));

        static float[] Activated(TaskKind task, params float[] logits)
        {
            Objective.Of(task).Activate(logits);
            return [.. logits.Select(value => MathF.Round(value, 6))];
        }
    }

    /// <summary>Rows of weight 2 and 0.5; 2 labelled tokens and 1.</summary>
    [Fact]
    public void Weight_LabelsOfTokens_CountsTheTokensThatHaveOne()
    {
        var batch = new TokenBatch { Rows = 2, Length = 3, Tokens = new int[6], Lengths = [3, 2], RowWeights = [2, 0.5f], Targets = Targets.OfTokens([0, Targets.Ignored, 1, 1, Targets.Ignored, Targets.Ignored], [0, 3, 6]) };
        Assert.Equal(2 * 2 + 0.5, Objective.Of(TaskKind.TokenLabels).Weight(batch));
        Assert.Equal(2.5, Objective.Of(TaskKind.SingleLabel).Weight(batch));
        Assert.Equal(4.5, Objective.Of(TaskKind.MaskedTokens).Weight(batch));
    }

    /// <summary>Logits of the places with a label, or of all tokens where there are no targets.</summary>
    [Fact]
    public void Vectors_OfTokens_AreThoseAskedFor()
    {
        var batch = new TokenBatch { Rows = 2, Length = 3, Tokens = new int[6], Lengths = [3, 2], Targets = Targets.OfTokens([0, Targets.Ignored, 1, 1, Targets.Ignored, Targets.Ignored], [0, 3, 6]) };
        var unlabelled = new TokenBatch { Rows = 2, Length = 3, Tokens = new int[6], Lengths = [3, 2] };
        Assert.Equal([2, 6, 3, 6], new[] { TaskKind.SingleLabel, TaskKind.TokenLabels, TaskKind.NextToken }.Select(task => Objective.Of(task).Vectors(batch)).Append(Objective.Of(TaskKind.NextToken).Vectors(unlabelled)));
    }

    private static TokenBatch Batch(TaskKind task, Random random, int classes)
    {
        int[] lengths = [.. Enumerable.Range(0, Rows).Select(row => row % (Length + 1))];
        return new TokenBatch
        {
            Rows = Rows, Length = Length, Tokens = new int[Rows * Length], Lengths = lengths,
            Targets = RandomTargets.Of(task, random, classes, lengths, Length),
        };
    }
}
