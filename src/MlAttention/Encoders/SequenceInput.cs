using System.Globalization;
using MlAttention.Attention;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>The checks that every layer over padded sequences makes of its input.</summary>
internal static class SequenceInput
{
    /// <exception cref="ArgumentException">x is not [B,L,D] of this width, holds NaN, or mask is not boolean [B,L].</exception>
    public static void Require(Tensor x, Tensor mask, long width)
    {
        RequireVectors("x", x, "B,L,D", width);
        RequireMask("mask", mask, x.shape[0], x.shape[1]);
    }

    /// <exception cref="ArgumentException">The tensor is not of three dimensions, the last of this width, or holds NaN.</exception>
    public static void RequireVectors(string name, Tensor tensor, string letters, long width, long? batch = null)
    {
        AttentionShapes.RequireSequence(name, tensor, letters, batch, null, width, "The last dimension is the width of the layer.");
        AttentionShapes.RequireNumbers(name, tensor);
    }

    /// <exception cref="ArgumentException">The tokens are not int64 [B,L], or the embedding has no row for one.</exception>
    public static void RequireTokens(string name, Tensor tokens, long rows)
    {
        if (tokens.dtype != ScalarType.Int64 || tokens.dim() != 2)
            throw new ArgumentException($"{name} must be int64 of shape [B,L]; got {tokens.dtype} {ShapeText.Of(tokens)}.", name);
        if (tokens.numel() == 0) return;
        using var scope = NewDisposeScope();
        var (smallest, largest) = (tokens.min().item<long>(), tokens.max().item<long>());
        if (smallest < 0 || largest >= rows)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be from 0 to {rows - 1}; got {(smallest < 0 ? smallest : largest)}. The embedding has {rows} rows: make the batch with the vocabulary of the model."), name);
    }

    /// <exception cref="ArgumentException">The mask is not boolean [B,L].</exception>
    public static void RequireMask(string name, Tensor mask, long rows, long length)
    {
        if (mask.dtype == ScalarType.Bool && mask.dim() == 2 && mask.shape[0] == rows && mask.shape[1] == length) return;
        throw new ArgumentException($"{name} must be boolean of shape [B,L]={ShapeText.Of(rows, length)}; got {mask.dtype} {ShapeText.Of(mask)}. True = a real token.", name);
    }
}
