namespace MlAttention.Core.Serving;

/// <summary>A pretrained tokenizer's files beside the weights of a safetensors file: each under its own name in the folder "tokenizer".</summary>
internal static class TokenizerFiles
{
    private const string Folder = "tokenizer/";

    /// <exception cref="NotSupportedException">The tokenizer was made around another one, and has no files.</exception>
    public static IReadOnlyDictionary<string, byte[]> Of(PretrainedTokenizer tokenizer) =>
        tokenizer.Files.OrderBy(file => file.Key, StringComparer.Ordinal).ToDictionary(file => Folder + file.Key, file => file.Value);

    /// <summary>The tokenizer of the files; null where there are none.</summary>
    /// <param name="files">The files beside the weights.</param>
    /// <param name="place">Where they are, for errors.</param>
    /// <exception cref="InvalidDataException">A file has no place here, or the tokenizer's are damaged.</exception>
    public static PretrainedTokenizer? Read(IReadOnlyDictionary<string, byte[]> files, string place)
    {
        if (files.Count == 0) return null;
        if (files.Keys.FirstOrDefault(name => !name.StartsWith(Folder, StringComparison.Ordinal)) is { } other)
            throw new InvalidDataException($"{place} has a file '{other}', which nothing needs.");
        try
        {
            return PretrainedTokenizer.FromFiles(files.ToDictionary(file => file.Key[Folder.Length..], file => file.Value));
        }
        catch (FileNotFoundException exception)
        {
            throw new InvalidDataException($"{place}: {exception.Message}", exception);
        }
    }
}
