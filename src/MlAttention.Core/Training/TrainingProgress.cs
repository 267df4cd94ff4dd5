using System.Text.Json.Serialization;

namespace MlAttention;

/// <summary>Where training stands; reported a few times a second and at the end of every epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The running epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs at most.</summary>
    public required int Epochs { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Optimizer steps at most.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean training loss of this epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Real tokens trained a second, without padding, since this call of Fit began.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Wall time since training began, including the time before a resumed checkpoint.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Wall time until the last epoch at the present speed, or until <see cref="TrainingOptions.MaxDuration"/>; early stopping may end sooner.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The epoch that has just ended; null within an epoch.</summary>
    public EpochMetrics? CompletedEpoch { get; init; }

    /// <summary>Tells the run that <see cref="Stop"/> was called.</summary>
    [JsonIgnore]
    internal Action? OnStop { get; init; }

    /// <summary>
    /// Ends training after the running step, and keeps the best epoch's weights: the result is a model, as when early stopping ends it. May
    /// be called from any thread, any number of times; after training it does nothing.
    /// </summary>
    public void Stop() => OnStop?.Invoke();
}

/// <summary>What one epoch came to; the points of a learning curve.</summary>
public sealed record EpochMetrics
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether training was ended within the epoch, by <see cref="TrainingOptions.MaxDuration"/> or because it was asked to stop: only a part of its rows was trained on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCutShort { get; init; }

    /// <summary>Optimizer steps since the start of training.</summary>
    public required int Step { get; init; }

    /// <summary>Mean loss of the epoch's training rows, with dropout, while the weights were changing.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Mean loss of all validation rows; null without validation. Of numbers in units of the training numbers' variance.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// The part of all validation rows that are classified rightly, of several labels each without one too many or too few; of labels of
    /// tokens the part of the tokens, of predicted ones that of the places. Null without validation, and for numbers.
    /// </summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// Mean over the classes of F1 = 2 right / (predicted + actual) on the validation rows, so that rare classes count as much as frequent
    /// ones; a class that is neither there nor predicted is left out. Null without validation, for numbers, and for predicted tokens.
    /// </summary>
    public double? ValidationMacroF1 { get; init; }

    /// <summary>F1 of all labels of all validation rows together; null unless rows may have several labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationMicroF1 { get; init; }

    /// <summary>F1 of the entities that the labels of the validation rows' tokens spell; null unless they are BIO labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationEntityF1 { get; init; }

    /// <summary>R², the part of the validation numbers' variance that is explained; null unless the model gives numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationRSquared { get; init; }

    /// <summary>
    /// e^loss of the predicted places of the validation rows, in tokens: among how many tokens, all alike, a guess would be as uncertain. Null
    /// unless the model predicts tokens.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationPerplexity { get; init; }

    /// <summary>
    /// What chooses the best epoch, larger being better: of one label a row the accuracy, of several the micro-F1, of labels of tokens the
    /// entities' F1 or else the accuracy, of numbers R², of predicted tokens minus the perplexity. Null without validation.
    /// </summary>
    [JsonIgnore]
    public double? ValidationScore => -ValidationPerplexity ?? ValidationEntityF1 ?? ValidationMicroF1 ?? ValidationRSquared ?? ValidationAccuracy;

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether the validation rows were classified better than after any earlier epoch; false without validation.</summary>
    public required bool IsBest { get; init; }

    /// <summary>The part of the batches' positions that was padding.</summary>
    public required double PaddingFraction { get; init; }

    /// <summary>Wall time of the epoch with its validation.</summary>
    public required TimeSpan Duration { get; init; }
}
