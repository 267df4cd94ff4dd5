namespace Microsoft.ML;

/// <summary>Gives an <see cref="MLContext"/> the catalog of attention components.</summary>
public static class AttentionContextExtensions
{
    /// <summary>The catalog of attention components: CSV loading, tokenizing, layers, classifiers and the ordering ablation.</summary>
    /// <param name="mlContext">The context whose log and seed the components use.</param>
    /// <example><code>AttentionCatalog attention = new MLContext(seed: 1).Attention();</code></example>
    public static AttentionCatalog Attention(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new AttentionCatalog(mlContext);
    }
}
