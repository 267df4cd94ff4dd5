using System.Globalization;

namespace MlAttention.Core.Text.Subwords;

/// <summary>What tokenizer_config.json, special_tokens_map.json and added_tokens.json say, each of which may be missing.</summary>
internal sealed class SpecialTokens
{
    public const string ConfigurationName = "tokenizer_config.json";
    private const string MapName = "special_tokens_map.json", AddedName = "added_tokens.json";

    private readonly JsonPart? _map;
    private readonly JsonPart? _added;

    public SpecialTokens(IReadOnlyDictionary<string, byte[]> files)
    {
        JsonPart? Read(string name) => files.TryGetValue(name, out byte[]? content) ? JsonPart.Parse(name, content) : null;
        (Configuration, _map, _added) = (Read(ConfigurationName), Read(MapName), Read(AddedName));
    }

    /// <summary>The files read here.</summary>
    public static IEnumerable<string> FileNames => [ConfigurationName, MapName, AddedName];

    /// <summary>tokenizer_config.json.</summary>
    public JsonPart? Configuration { get; }

    /// <summary>A setting of tokenizer_config.json.</summary>
    public bool Flag(string name, bool missing) => Configuration is { } settings ? settings[name].Flag(missing) : missing;

    /// <summary>Such a setting, or null where it is missing or null.</summary>
    public bool? FlagOrNull(string name) => Configuration is { } settings && !settings[name].IsNull ? settings[name].Flag(false) : null;

    /// <summary>A special token as the files describe it, without its id, or null when they do not name it.</summary>
    public AddedToken? Find(string role)
    {
        foreach (var file in new[] { Configuration, _map })
        {
            if (file is not { } settings || settings[role].IsNull) continue;
            return settings[role].IsText ? new AddedToken(settings[role].Text(), 0) { StripsLeft = IsWithSpace(role, settings[role].Text()) } : ReadAdded(settings[role], 0);
        }
        return null;
    }

    /// <summary>Adds the tokens that are found in texts: the special ones that the vocabulary has, and those of the files.</summary>
    /// <param name="tokens">The vocabulary, which gets the tokens that it lacks.</param>
    /// <param name="roles">The special tokens by role, with what stands for one that no file names.</param>
    public List<AddedToken> AddTo(TokenTable tokens, params ReadOnlySpan<(string Role, string Default)> roles)
    {
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        if (_added is { } file)
        {
            foreach (var (content, id) in file.Members()) added[content] = new AddedToken(content, id.Number()) { Normalized = true };
        }
        foreach (var (role, missing) in roles)
        {
            var token = Find(role) ?? new AddedToken(missing, 0) { StripsLeft = IsWithSpace(role, missing) };
            if (tokens.Find(token.Content) is { } id) added[token.Content] = token with { Id = id };
            else if (added.TryGetValue(token.Content, out var known)) added[token.Content] = token with { Id = known.Id };
        }
        if (Configuration is { } settings && !settings["added_tokens_decoder"].IsNull)
        {
            foreach (var (name, part) in settings["added_tokens_decoder"].Members())
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) throw part.Error("must be named by an id");
                var token = ReadAdded(part, id);
                added[token.Content] = token;
            }
        }
        foreach (var token in added.Values) tokens.Add(token.Content, token.Id);
        return [.. added.Values];
    }

    /// <summary>A token as the files write it: how it looks, and what white space belongs to it.</summary>
    public static AddedToken ReadAdded(JsonPart part, int id) => new(part["content"].Text(), id)
    {
        SingleWord = part["single_word"].Flag(false),
        StripsLeft = part["lstrip"].Flag(false),
        StripsRight = part["rstrip"].Flag(false),
        Normalized = part["normalized"].Flag(!part["special"].Flag(true)),
    };

    /// <summary>A RoBERTa's mask takes the space before it; BERT's, which is written [MASK], does not.</summary>
    private static bool IsWithSpace(string role, string content) => role == "mask_token" && content == "<mask>";
}
