namespace MlAttention.Core.Objectives;

/// <summary>One of C labels for each token: softmax and cross entropy, summed over the tokens that have a label.</summary>
internal class TokenLabelObjective : Objective
{
    public override int Vectors(TokenBatch batch) => batch.Rows * batch.Length;

    public override int FewestClasses => 2;

    /// <summary>Tokens with a label, each with its row's weight.</summary>
    public override double Weight(TokenBatch batch)
    {
        double sum = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            var labels = batch.Targets.Of(row);
            sum += (batch.RowWeights.Length == 0 ? 1.0 : batch.RowWeights[row]) * (labels.Length - labels.Count(Targets.Ignored));
        }
        return sum;
    }

    public override double Backward(Span<float> logits, Targets targets, int place, float factor, double smoothing)
    {
        if (targets.Labels[place] is var label && label != Targets.Ignored) return CrossEntropy.Backward(logits, label, factor, smoothing);
        logits.Clear();
        return 0;
    }

    public override void Activate(Span<float> logits) => Softmax.InPlace(logits);

    public override Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels) =>
        labels is not null && EntityTags.AreBio(labels) ? new EntityEvaluation(classes, new EntityTags(labels)) : new LabelEvaluation(classes);
}

/// <summary>Counts right labels of tokens, and right entities: those whose kind and both ends are right.</summary>
internal sealed class EntityEvaluation(int classes, EntityTags tags) : Evaluation
{
    private readonly LabelEvaluation _labels = new(classes);
    private readonly List<int> _actual = [], _predicted = [];
    private long _right, _found, _there;

    public override void Add(TokenBatch batch, ReadOnlySpan<float> logits)
    {
        _labels.Add(batch, logits);
        for (int row = 0; row < batch.Rows; row++)
        {
            _actual.Clear();
            _predicted.Clear();
            foreach (var (position, label) in batch.Targets.Of(row).ToArray().Index())
            {
                if (label == Targets.Ignored) continue;
                _actual.Add(label);
                _predicted.Add(Softmax.IndexOfLargest(logits.Slice((row * batch.Length + position) * classes, classes)));
            }
            Count();
        }
    }

    public override SequenceEvaluation Result() => _labels.Result() with { EntityF1 = F1(_right, _found, _there) };

    private void Count()
    {
        var there = tags.Entities(_actual);
        var found = tags.Entities(_predicted);
        _there += there.Count;
        _found += found.Count;
        _right += found.Intersect(there).Count();
    }
}
