namespace MlAttention.Core.Objectives;

/// <summary>
/// Tokens that are to be predicted, masked ones or those that follow: softmax over the vocabulary and cross entropy, of the places with a
/// label alone. What a vocabulary of classes costs is not spent on any other place, in training, evaluation and memory.
/// </summary>
internal sealed class TokenPredictionObjective : TokenLabelObjective
{
    /// <summary>The P places with a label, in the batch's order; all B L where a batch is only scored.</summary>
    public override int Vectors(TokenBatch batch) => batch.Targets.Count == 0 ? base.Vectors(batch) : batch.Targets.Labels.Length - batch.Targets.Labels.Count(Targets.Ignored);

    public override Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels) => new TokenPredictionEvaluation(classes);
}

/// <summary>Perplexity and accuracy of the predicted places.</summary>
/// <remarks>perplexity = exp(mean cross entropy), in tokens.</remarks>
internal sealed class TokenPredictionEvaluation(int classes) : Evaluation
{
    private double _loss;
    private long _count, _right;

    public override void Add(TokenBatch batch, ReadOnlySpan<float> logits)
    {
        int at = 0;
        foreach (int label in batch.Targets.Labels)
        {
            if (label == Targets.Ignored) continue;
            var ofPlace = logits.Slice(at, classes);
            _loss += CrossEntropy.Of(ofPlace, label);
            if (Softmax.IndexOfLargest(ofPlace) == label) _right++;
            _count++;
            at += classes;
        }
    }

    public override SequenceEvaluation Result()
    {
        double loss = _loss / Math.Max(1, _count);
        return new(loss) { Accuracy = (double)_right / Math.Max(1, _count), Perplexity = Math.Exp(loss) };
    }
}
