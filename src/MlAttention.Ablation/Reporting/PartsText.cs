namespace MlAttention.Ablation.Reporting;

/// <summary>What a report says of texts of several columns.</summary>
internal static class PartsText
{
    /// <summary>A sentence; null where a row has one text.</summary>
    public static string? Of(AblationPlan plan) => plan.TextColumns is not { } columns ? null
        : $"{List([.. columns])}, one sequence with a separator between; {Reordered(plan, columns)}";

    /// <summary>The same in a few words.</summary>
    public static string? Short(AblationPlan plan) => plan.TextColumns is not { } columns ? null : Reordered(plan, columns);

    private static string Reordered(AblationPlan plan, IReadOnlyList<string> columns) => plan.OrderedParts switch
    {
        OrderedParts.First => $"the order of {columns[0]} is tried, that of the rest stays",
        OrderedParts.Second => $"the order of {columns[1]} is tried, that of the rest stays",
        _ => "the order within each is tried",
    };
}
