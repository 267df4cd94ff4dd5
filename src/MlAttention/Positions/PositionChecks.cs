using MlAttention.Attention;
using static TorchSharp.torch;

namespace MlAttention.Positions;

/// <summary>Checks that a scheme was made for the layer that uses it.</summary>
internal static class PositionChecks
{
    public static void RequireEmbeddings(Tensor embeddings, long width)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        AttentionShapes.RequireVectors(nameof(embeddings), embeddings, "B,L,D", [], width, "The positions were made for this width.");
    }

    public static void RequireHeads(Tensor query, long heads)
    {
        if (query.shape[1] == heads) return;
        throw new ArgumentException($"query must have shape [B,H,L,Dh]=[B,{heads},L,Dh]; got {ShapeText.Of(query)}. The positions were made for {heads} heads.", nameof(query));
    }

    public static void RequireHeadWidth(Tensor query, long headWidth)
    {
        if (query.shape[3] == headWidth) return;
        throw new ArgumentException($"query must have shape [B,H,L,Dh]=[B,H,L,{headWidth}]; got {ShapeText.Of(query)}. The positions were made for head width {headWidth}.", nameof(query));
    }
}
