namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads the pre-tokenizer of a tokenizer.json as the steps that it is made of.</summary>
internal static class PreTokenizerReader
{
    private const int MostSteps = 16;

    /// <summary>The steps in their order.</summary>
    /// <param name="part">The pre-tokenizer, or null.</param>
    /// <param name="configuration">tokenizer_config.json, whose add_prefix_space goes before that of ByteLevel as it does in transformers.</param>
    public static List<PreTokenizer> Read(JsonPart part, JsonPart? configuration)
    {
        var steps = new List<PreTokenizer>();
        AddSteps(part, configuration, steps);
        return steps;
    }

    private static void AddSteps(JsonPart part, JsonPart? configuration, List<PreTokenizer> steps)
    {
        if (part.IsNull) return;
        if (part["type"].Text() == "Sequence")
        {
            foreach (var step in part["pretokenizers"].Items()) AddSteps(step, configuration, steps);
        }
        else
        {
            steps.Add(Single(part, configuration));
        }
        if (steps.Count > MostSteps) throw part.Error($"has more than {MostSteps} steps");
    }

    private static PreTokenizer Single(JsonPart part, JsonPart? configuration) => part["type"].Text() switch
    {
        "BertPreTokenizer" => new BertPreTokenizer(),
        "WhitespaceSplit" => new WhitespacePreTokenizer(),
        "ByteLevel" => new ByteLevelPreTokenizer(PrefixSpace(part, configuration).Flag(true), part["use_regex"].Flag(true)),
        "Metaspace" => Metaspace(part),
        var type => throw part.Error($"is of type '{type}'; supported are BertPreTokenizer, ByteLevel, Metaspace, Sequence and WhitespaceSplit"),
    };

    private static JsonPart PrefixSpace(JsonPart part, JsonPart? configuration)
    {
        const string Name = "add_prefix_space";
        return configuration is { } settings && !settings[Name].IsNull ? settings[Name] : part[Name];
    }

    private static MetaspacePreTokenizer Metaspace(JsonPart part)
    {
        string mark = part["replacement"].IsNull ? "\u2581" : part["replacement"].Text();
        if (mark.Length != 1) throw part["replacement"].Error($"must be one character; got '{mark}'");
        string scheme = part["prepend_scheme"].IsNull ? part["add_prefix_space"].Flag(true) ? "always" : "never" : part["prepend_scheme"].Text();
        if (scheme is not ("always" or "never")) throw part["prepend_scheme"].Error($"is '{scheme}'; supported are always and never");
        return new MetaspacePreTokenizer(mark[0], prepend: scheme == "always", part["split"].Flag(true));
    }
}
