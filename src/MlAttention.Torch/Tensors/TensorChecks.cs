namespace MlAttention.Torch.Tensors;

/// <summary>Shapes as the error messages write them: [2,4,9,16].</summary>
internal static class ShapeText
{
    public static string Of(Tensor tensor) => Of(tensor.shape);

    public static string Of(params long[] shape) => $"[{string.Join(',', shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}

/// <summary>Checks of shapes and numbers at the public entrances, with errors that name the place.</summary>
internal static class TensorChecks
{
    /// <summary>A shape [..,length,width] with these leading dimensions; none given may be any, a null width too.</summary>
    public static void RequireVectors(string name, long[] shape, string letters, ReadOnlySpan<long> leading, long? width, string reason)
    {
        if (shape.Length >= 2 && (leading.Length == 0 || shape.AsSpan()[..^2].SequenceEqual(leading)) && (width ?? shape[^1]) == shape[^1]) return;
        var (before, length, last) = (letters.Split(',')[0], letters.Split(',')[1], letters.Split(',')[2]);
        FormattableString sizes = $"[{(leading.Length == 0 ? before : string.Join(',', leading.ToArray()))},{length},{(object?)width ?? last}]";
        throw new ArgumentException($"{name} must have shape [{letters}]={FormattableString.Invariant(sizes)}; got {ShapeText.Of(shape)}. {reason}", name);
    }

    /// <summary>A tensor [B,length,width]; a null length may be any.</summary>
    public static void RequireSequence(string name, Tensor tensor, string letters, long? batch, long? length, long width, string reason)
    {
        if (tensor.dim() == 3 && tensor.shape[2] == width && (batch ?? tensor.shape[0]) == tensor.shape[0] && (length ?? tensor.shape[1]) == tensor.shape[1]) return;
        FormattableString sizes = $"[{(object?)batch ?? "B"},{(object?)length ?? letters.Split(',')[1]},{width}]";
        throw new ArgumentException($"{name} must have shape [{letters}]={FormattableString.Invariant(sizes)}; got {ShapeText.Of(tensor)}. {reason}", name);
    }

    /// <summary>A tensor [B,length,width] without NaN, of the layer's width.</summary>
    public static void RequireLayerInput(string name, Tensor tensor, string letters, long width, long? batch = null)
    {
        RequireSequence(name, tensor, letters, batch, null, width, "The last dimension is the width of the layer.");
        RequireNumbers(name, tensor);
    }

    /// <summary>x [B,L,D] of this width without NaN, and mask boolean [B,L].</summary>
    public static void RequirePaddedSequence(Tensor x, Tensor mask, long width)
    {
        RequireLayerInput("x", x, "B,L,D", width);
        RequireMask("mask", mask, x.shape[0], x.shape[1]);
    }

    /// <summary>A boolean mask [B,L].</summary>
    public static void RequireMask(string name, Tensor mask, long rows, long length)
    {
        if (mask.dtype == ScalarType.Bool && mask.dim() == 2 && mask.shape[0] == rows && mask.shape[1] == length) return;
        throw new ArgumentException($"{name} must be boolean of shape [B,L]={ShapeText.Of(rows, length)}; got {mask.dtype} {ShapeText.Of(mask)}. True = a real token.", name);
    }

    /// <summary>Tokens int64 [B,L], each with a row in the embedding.</summary>
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

/// <summary>Checks of options at the public entrances.</summary>
internal static class OptionChecks
{
    /// <summary>The options, when all their values are in range.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public static T Checked<T>(this T options) where T : AttentionSettings
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }
}
