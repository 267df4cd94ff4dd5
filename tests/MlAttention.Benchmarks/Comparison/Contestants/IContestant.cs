namespace MlAttention.Benchmarks.Comparison.Contestants;

/// <summary>One side of a comparison: it trains and scores the reference model.</summary>
internal interface IContestant
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>Training steps: forward, backward and AdamW over the setting's batch, always the same one.</summary>
    Repetition Train(Setting setting);

    /// <summary>Scoring passes over the setting's batch.</summary>
    /// <param name="setting">The model and the batch.</param>
    /// <param name="logits">Receives the logits [B,C] of each pass.</param>
    Repetition Score(Setting setting, float[] logits);
}
