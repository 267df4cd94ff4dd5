namespace MlAttention.Onnx.Network;

/// <summary>What the first layer reads: norm(token scale + position + type), each part where the model has it.</summary>
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
        if (model.TokenTypes > 0) x += Types(parts, sequence);
        return model.EmbeddingNorm ? parts.LayerNorm(x, WeightLayout.EmbeddingNormName) : x;
    }

    /// <summary>The vector of type 0 [D]; of a text of several parts, for each token that of the number of separators before it, up to the last type, [B,L,D].</summary>
    private static Value Types(ModelParts parts, TokenSequence sequence)
    {
        var (model, graph) = (parts.Model, parts.Graph);
        if (model.TypeSeparator is not { } separator) return parts.Form.Vector(Row(parts.Weight(WeightLayout.TokenTypesName), 0, "token_types.0"));
        var isSeparator = sequence.Ids.EqualTo(graph.Constant((long)separator - 1)).ToLong();
        var types = graph.Node("CumSum", [isSeparator, graph.Constant(1L)], ("exclusive", 1)).Clip(0, model.TokenTypes - 1);
        return parts.Vector(WeightLayout.TokenTypesName).Gather(sequence.AfterCls(() => graph.Constant(0L).Unsqueeze(0, 1), types, 2));
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
