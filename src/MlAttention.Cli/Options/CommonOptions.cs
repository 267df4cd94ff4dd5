using System.CommandLine.Parsing;
using System.Numerics;

namespace MlAttention.Cli.Options;

/// <summary>Kinds of options that several commands have, and what all of them require.</summary>
internal static class CommonOptions
{
    /// <summary>--seed</summary>
    public static Option<int> Seed() => Number("--seed", "Makes the run repeatable.", 1);

    /// <summary>An option that takes a number, written the same in every country: 0.002, never 0,002.</summary>
    public static Option<T> Number<T>(string name, string description, T byDefault) where T : struct, INumber<T> =>
        new(name) { Description = description, DefaultValueFactory = _ => byDefault, CustomParser = result => Parse<T>(name, result) };

    /// <summary>An option that takes a number and may be absent.</summary>
    public static Option<T?> Number<T>(string name, string description) where T : struct, INumber<T> =>
        new(name) { Description = description, CustomParser = result => Parse<T>(name, result) };

    private static T Parse<T>(string option, ArgumentResult result) where T : struct, INumber<T>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        bool isWhole = T.IsInteger(T.One / (T.One + T.One)); // one half, or nothing
        var style = isWhole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number)) return number;
        result.AddError($"{option} {text}: give {(isWhole ? "a whole number within the range of 32 bits, such as 8" : "a number, such as 0.002")}.");
        return default;
    }

    /// <summary>Fails unless the file exists.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static void RequireExists(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder, not a file.");
        if (!File.Exists(path)) throw new InputException($"{path} does not exist (looked in {Path.GetDirectoryName(Path.GetFullPath(path))}).");
    }
}
