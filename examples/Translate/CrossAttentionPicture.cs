using System.Text.Json;

namespace MlAttention.Examples.Translate;

/// <summary>The cross-attention of a translation as heat maps on a page, and as numbers.</summary>
internal static class CrossAttentionPicture
{
    /// <summary>Writes cross-attention.html, and the last layer's numbers as cross-attention.json.</summary>
    /// <returns>The page's path.</returns>
    public static string Write(string folder, IReadOnlyList<CrossAttentionMap> layers)
    {
        Directory.CreateDirectory(folder);
        var (path, last) = (Path.Combine(folder, "cross-attention.html"), layers[^1]);
        Page.Write(path, "Where the decoder looks", $"{string.Join(' ', last.SourceTokens)} → {string.Join(' ', last.TargetTokens)}. Each row adds up to 1; the mean over the heads of a layer.",
            [.. layers.Select((layer, i) => ($"Layer {i + 1} of the decoder", HeatMap.Draw($"layer-{i + 1}", $"Cross-attention of layer {i + 1}", "For each word that is written, how much it attends to each word that is read.",
                Mean(layer), ("written", layer.TargetTokens), ("read", layer.SourceTokens), cell: 30)))]);
        var weights = Mean(last);
        var rows = last.TargetTokens.Select((_, row) => last.SourceTokens.Select((_, column) => Math.Round(weights[row, column], 3)));
        File.WriteAllText(Path.Combine(folder, "cross-attention.json"), JsonSerializer.Serialize(new { Source = last.SourceTokens, Target = last.TargetTokens, Weights = rows }) + "\n");
        return path;
    }

    private static double[,] Mean(CrossAttentionMap layer)
    {
        var mean = layer.Mean();
        var numbers = new double[mean.GetLength(0), mean.GetLength(1)];
        for (var row = 0; row < numbers.GetLength(0); row++)
            for (var column = 0; column < numbers.GetLength(1); column++) numbers[row, column] = mean[row, column];
        return numbers;
    }
}
