namespace MlAttention.Core.Text;

/// <summary>What stands around and between the parts of a sequence, as keys and as texts.</summary>
/// <param name="Before">Keys before the first part.</param>
/// <param name="Between">Keys between two parts, all of them the separator's.</param>
/// <param name="After">Keys after the last part.</param>
internal sealed record TokenFrame(uint[] Before, uint[] Between, uint[] After)
{
    /// <summary>The separator's key.</summary>
    public uint Separator => Between[0];

    /// <summary>The tokens of <see cref="Before"/>.</summary>
    public required string[] BeforeTexts { get; init; }

    /// <summary>The separator.</summary>
    public required string SeparatorText { get; init; }

    /// <summary>The tokens of <see cref="After"/>.</summary>
    public required string[] AfterTexts { get; init; }

    /// <summary>The frame of a tokenizer for texts of several parts.</summary>
    /// <param name="options">The tokenizer's options.</param>
    /// <param name="vocabulary">Its tokens.</param>
    public static TokenFrame Of(TokenizeSequenceOptions options, Vocabulary vocabulary)
    {
        if (options.Pretrained is { Frame: var (before, between, after) })
            return Of(vocabulary, Array.ConvertAll(before, id => (uint)id + 1), Array.ConvertAll(between, id => (uint)id + 1), Array.ConvertAll(after, id => (uint)id + 1));
        uint[] cls = options.ClsToken is { } token && vocabulary.Find(token) is > 0 and var key ? [key] : [];
        uint separator = vocabulary.Find(options.Separator);
        if (separator == 0) throw new ArgumentException($"The vocabulary lacks the separator '{options.Separator}'.", nameof(vocabulary));
        return Of(vocabulary, cls, [separator], []);
    }

    private static TokenFrame Of(Vocabulary vocabulary, uint[] before, uint[] between, uint[] after) => new(before, between, after)
    {
        BeforeTexts = [.. before.Select(key => vocabulary.Tokens[(int)key - 1])],
        SeparatorText = vocabulary.Tokens[(int)between[0] - 1],
        AfterTexts = [.. after.Select(key => vocabulary.Tokens[(int)key - 1])],
    };
}

/// <summary>What a model has to know of the parts of its texts; a column of sequences tells it.</summary>
/// <param name="SeparatorKey">The key of the token that ends a part.</param>
/// <param name="Count">Parts of a text.</param>
/// <param name="LeastTokens">Tokens of a sequence with one of each part.</param>
/// <param name="SharedTokenType">Whether all parts have token type 0.</param>
internal sealed record TextParts(int SeparatorKey, int Count, int LeastTokens, bool SharedTokenType)
{
    /// <summary>The parts of a tokenizer's texts; null where they are one.</summary>
    public static TextParts? Of(TokenizeSequenceOptions options, Vocabulary vocabulary) => options.InputColumnNames is null ? null
        : new((int)TokenFrame.Of(options, vocabulary).Separator, options.PartCount, options.LeastTokens, options.Pretrained is { HasTypedParts: false });

    /// <summary>An architecture that reads such texts.</summary>
    /// <exception cref="ArgumentException">It was made for other ones, or its longest sequence has no room for all parts.</exception>
    public T ApplyTo<T>(T model) where T : SequenceModelOptions
    {
        var errors = new OptionErrors(nameof(SequenceModelOptions));
        errors.Require(model.SeparatorKey is null || model.SeparatorKey == SeparatorKey, nameof(model.SeparatorKey), model.SeparatorKey, $"must be {SeparatorKey}, the key of the separator in the column, or null");
        errors.Require(model.MaxTextTokens >= LeastTokens, nameof(model.MaxLength), model.MaxLength, $"must be at least {LeastTokens + model.SpecialTokens} tokens: one of each of the {Count} parts of a text, and the special tokens around and between them");
        errors.ThrowIfAny();
        return model with { SeparatorKey = SeparatorKey, SharedTokenType = SharedTokenType };
    }
}
