namespace MlAttention.Persistence;

/// <summary>A pretrained tokenizer in a component's state: its own files, as they are.</summary>
internal static class TokenizerState
{
    /// <exception cref="NotSupportedException">The tokenizer was made around another one, and has no files.</exception>
    public static void Write(ComponentState state, PretrainedTokenizer tokenizer) => state.Add(TokenizerFiles.Of(tokenizer));

    /// <exception cref="InvalidDataException">There are no files, or they are damaged.</exception>
    public static PretrainedTokenizer Read(ComponentState state) =>
        ReadIfAny(state) ?? throw new InvalidDataException($"The model's component '{state.Component}' lacks the files of its tokenizer.");

    /// <summary>The tokenizer; null where the state has none.</summary>
    /// <exception cref="InvalidDataException">The files are damaged.</exception>
    public static PretrainedTokenizer? ReadIfAny(ComponentState state) => TokenizerFiles.Read(state.TakeFiles(), $"The model's component '{state.Component}'");
}
