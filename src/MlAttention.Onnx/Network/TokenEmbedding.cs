namespace MlAttention.Onnx.Network;

/// <summary>What the first layer reads: norm(token scale + position + type 0), each part where the model has it.</summary>
internal static class TokenEmbedding
{
    /// <summary>[B,L,D].</summary>
    public static Value Of(ModelParts parts, TokenSequence sequence)
    {
        using var scope = parts.Graph.In("embedding");
        var model = parts.Model;
        var tokens = parts.Form.Rows(TextRows(parts), sequence.Ids);                       // [B,tokens,D]
        var x = sequence.AfterCls(() => parts.Form.Vector(Cls(parts)), tokens, 3) * (model.ScaleEmbeddings ? MathF.Sqrt(model.ModelWidth) : 1);
        if (AddedPositions.Of(parts, sequence) is { } positions) x += positions;
        if (model.TokenTypes > 0) x += parts.Form.Vector(Row(parts.Weight(WeightLayout.TokenTypesName), 0, "token_types.0"));
        return model.EmbeddingNorm ? parts.LayerNorm(x, WeightLayout.EmbeddingNormName) : x;
    }

    /// <summary>The rows of the vocabulary and of the unknown token: without padding's row, which nothing reads, and without that of CLS.</summary>
    private static WeightTensor TextRows(ModelParts parts)
    {
        var table = parts.Weight(WeightLayout.EmbeddingName);
        int width = table.Shape[1], rows = table.Shape[0] - 1 - parts.Model.SpecialTokens;
        return new(table.Name, [rows, width], table.Values.AsSpan(width, rows * width).ToArray());
    }

    private static WeightTensor Cls(ModelParts parts)
    {
        var table = parts.Weight(WeightLayout.EmbeddingName);
        var row = Row(table, table.Shape[0] - 1, "embedding.cls");
        return row with { Shape = [1, 1, .. row.Shape] };
    }

    private static WeightTensor Row(WeightTensor table, int row, string name)
    {
        int width = table.Shape[1];
        return new(name, [width], table.Values.AsSpan(row * width, width).ToArray());
    }
}
