using MlAttention.Attention.Algorithms;
using static TorchSharp.torch;

namespace MlAttention.Attention;

/// <summary>Checks of shapes and numbers at the public entrances, with errors that name the place.</summary>
internal static class AttentionShapes
{
    /// <summary>A tensor [..,length,width] with these leading dimensions; none given may be any, a null width too.</summary>
    public static void RequireVectors(string name, Tensor tensor, string letters, long[] leading, long? width, string reason)
    {
        if (tensor.dim() >= 2 && (leading.Length == 0 || tensor.shape.AsSpan()[..^2].SequenceEqual(leading)) && (width ?? tensor.shape[^1]) == tensor.shape[^1]) return;
        var (before, length, last) = (letters.Split(',')[0], letters.Split(',')[1], letters.Split(',')[2]);
        FormattableString sizes = $"[{(leading.Length == 0 ? before : string.Join(',', leading))},{length},{(object?)width ?? last}]";
        throw new ArgumentException($"{name} must have shape [{letters}]={FormattableString.Invariant(sizes)}; got {ShapeText.Of(tensor)}. {reason}", name);
    }

    /// <summary>query [B,H,L,Dh], key [B,H,S,*], value [B,H,S,Dv], and a mask that fits.</summary>
    public static void Require(AttentionInputs inputs)
    {
        var (query, key, value) = (inputs.Query, inputs.Key, inputs.Value);
        if (query.dim() != 4) throw new ArgumentException($"query must have shape [B,H,L,Dh]; got {ShapeText.Of(query)}.", nameof(inputs));
        var (batch, heads, length, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        if (key.dim() != 4 || key.shape[0] != batch || key.shape[1] != heads)
            throw new ArgumentException($"key must have shape [B,H,S,Dh]=[{batch},{heads},S,{width}]; got {ShapeText.Of(key)}. Query and key need the same batch and heads.", nameof(inputs));
        var keys = key.shape[2];
        if (value.dim() != 4 || value.shape[0] != batch || value.shape[1] != heads || value.shape[2] != keys)
            throw new ArgumentException($"value must have shape [B,H,S,Dv]=[{batch},{heads},{keys},Dv]; got {ShapeText.Of(value)}. Each key needs its value.", nameof(inputs));
        inputs.Score.RequireShapes(query, key);
        if (inputs.Mask?.Misfit(batch, heads, length, keys) is { } misfit) throw new ArgumentException(misfit, nameof(inputs));
    }

    /// <summary>A tensor [B,length,width]; a null length may be any.</summary>
    public static void RequireSequence(string name, Tensor tensor, string letters, long? batch, long? length, long width, string reason)
    {
        if (tensor.dim() == 3 && tensor.shape[2] == width && (batch ?? tensor.shape[0]) == tensor.shape[0] && (length ?? tensor.shape[1]) == tensor.shape[1]) return;
        FormattableString sizes = $"[{(object?)batch ?? "B"},{(object?)length ?? letters.Split(',')[1]},{width}]";
        throw new ArgumentException($"{name} must have shape [{letters}]={FormattableString.Invariant(sizes)}; got {ShapeText.Of(tensor)}. {reason}", name);
    }

    /// <summary>Throws when a number is NaN; the sum is NaN then, and one sum is all that a clean tensor costs.</summary>
    public static void RequireNumbers(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.detach();
        if (!double.IsNaN(values.sum(ScalarType.Float64).item<double>())) return;
        var places = values.isnan().nonzero();
        if (places.shape[0] == 0) return;
        var first = places.narrow(0, 0, 1).reshape(-1).data<long>().ToArray();
        throw new ArgumentException($"{name} has {places.shape[0]} NaN value(s), the first at {ShapeText.Of(first)}. Look at what computes it: a logarithm of 0, a division 0/0, or a diverged training.", name);
    }
}
