namespace MlAttention.Ablation;

/// <summary>The figures of one class, averaged over the seeds.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precision">Of the texts predicted as the class, the share that belongs to it.</param>
/// <param name="Recall">Of the texts of the class, the share predicted as it.</param>
/// <param name="F1">2 precision recall / (precision + recall).</param>
public sealed record ClassScore(string Name, double Precision, double Recall, double F1);
