using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Objectives;

/// <summary>The losses by their plain formulas in float64, to compare both engines and the objectives with.</summary>
internal static class ReferenceLoss
{
    /// <summary>The weighted sum of a batch's losses; of predicted tokens the logits are those of the places with a label alone.</summary>
    public static double Of(TaskKind task, TokenBatch batch, IReadOnlyList<double> logits, int classes, double smoothing)
    {
        double sum = 0;
        int predicted = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            double weight = batch.RowWeights.Length == 0 ? 1 : batch.RowWeights[row];
            if (task.IsPerToken)
            {
                for (int place = row * batch.Length; place < (row + 1) * batch.Length; place++)
                    if (batch.Targets.Labels[place] != Targets.Ignored) sum += weight * CrossEntropy(At(task.PredictsTokens ? predicted++ : place), batch.Targets.Labels[place], smoothing);
                continue;
            }
            sum += weight * task switch
            {
                TaskKind.SingleLabel => CrossEntropy(At(row), batch.Targets.Labels[row], smoothing),
                TaskKind.MultiLabel => Binary(At(row), batch.Targets.Of(row).ToArray(), smoothing),
                _ => Math.Pow(At(row)[0] - batch.Targets.Numbers[row], 2),
            };
        }
        return sum;

        double[] At(int place) => [.. logits.Skip(place * classes).Take(classes)];
    }

    private static double CrossEntropy(double[] x, int label, double smoothing)
    {
        double logSum = Math.Log(x.Sum(Math.Exp));
        return (1 - smoothing) * (logSum - x[label]) + smoothing * x.Average(value => logSum - value);
    }

    private static double Binary(double[] x, int[] labels, double smoothing) => x.Select((value, c) =>
    {
        double yes = 1 / (1 + Math.Exp(-value)), target = (labels.Contains(c) ? 1 - smoothing : 0) + smoothing / 2;
        return -target * Math.Log(yes) - (1 - target) * Math.Log(1 - yes);
    }).Average();
}
