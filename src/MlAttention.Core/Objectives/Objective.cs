namespace MlAttention.Core.Objectives;

/// <summary>
/// What a model is asked for: which numbers its head gives, how far they are from what they should be, and what is made of them. The
/// one place that knows it for training, evaluation and scoring in plain C#; libtorch has the losses in tensor operations.
/// </summary>
/// <remarks>Without state: one object of each kind serves all models and threads.</remarks>
internal abstract class Objective
{
    private static readonly SingleLabelObjective SingleLabel = new();
    private static readonly MultiLabelObjective MultiLabel = new();
    private static readonly TokenLabelObjective TokenLabels = new();
    private static readonly TokenPredictionObjective TokenPrediction = new();
    private static readonly RegressionObjective Regression = new();

    /// <summary>The objective of a task.</summary>
    public static Objective Of(TaskKind task) => task switch
    {
        TaskKind.SingleLabel => SingleLabel,
        TaskKind.MultiLabel => MultiLabel,
        TaskKind.TokenLabels => TokenLabels,
        TaskKind.Regression => Regression,
        TaskKind.MaskedTokens or TaskKind.NextToken => TokenPrediction,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "This task is not known."),
    };

    /// <summary>Fewest classes C that there is something to learn of.</summary>
    public abstract int FewestClasses { get; }

    /// <summary>Whether classes can have weights in the loss: where each row has one.</summary>
    public virtual bool HasClassWeights => false;

    /// <summary>Whether there are labels, whose probability the loss may spread.</summary>
    public virtual bool HasLabels => true;

    /// <summary>Vectors of logits [C] that a batch has: B, or B L of tokens; of predicted tokens as many as have a label.</summary>
    public virtual int Vectors(TokenBatch batch) => batch.Rows;

    /// <summary>The sum of the weights of what a batch's loss is a sum of; a step's gradients are divided by it.</summary>
    public virtual double Weight(TokenBatch batch) => batch.RowWeights.Length == 0 ? batch.Rows : batch.RowWeights.Sum(weight => (double)weight);

    /// <summary>The loss of one vector of logits; the logits become its gradient: dlogits = factor dloss / dlogits.</summary>
    /// <param name="logits">[C].</param>
    /// <param name="targets">A batch's targets.</param>
    /// <param name="place">The row, or the token, of B L, whose logits these are.</param>
    /// <param name="factor">The factor on the gradient.</param>
    /// <param name="smoothing">The part of a label's probability that is spread evenly.</param>
    /// <returns>The loss, without the factor.</returns>
    public abstract double Backward(Span<float> logits, Targets targets, int place, float factor, double smoothing);

    /// <summary>Turns the logits [C] of a sequence or of a token into what is shown: probabilities, or the number.</summary>
    public abstract void Activate(Span<float> logits);

    /// <summary>A count of how well rows are scored, which is empty.</summary>
    /// <param name="classes">Number of classes C.</param>
    /// <param name="labels">What the classes are called, or null when nothing says so.</param>
    public abstract Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels);
}
