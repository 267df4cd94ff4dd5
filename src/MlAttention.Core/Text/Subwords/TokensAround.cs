namespace MlAttention.Core.Text.Subwords;

/// <summary>The special tokens that the post-processor of tokenizer.json puts around a text, and between the parts of a text of several.</summary>
internal sealed class TokensAround
{
    private const int Most = 16;
    private int _templates;

    private TokensAround() { }

    /// <summary>The ids before a text.</summary>
    public List<int> Before { get; } = [];

    /// <summary>The ids after a text.</summary>
    public List<int> After { get; } = [];

    /// <summary>The ids between two parts; none where the file has no such form, or one that is not the form of one text with a token between two.</summary>
    public List<int> Between { get; private set; } = [];

    /// <summary>Whether the second part has another token type than the first.</summary>
    public bool HasTypedParts { get; private set; }

    /// <summary>Reads the post-processor.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a kind that is not supported.</exception>
    public static TokensAround Read(JsonPart part, TokenTable tokens)
    {
        var around = new TokensAround();
        around.Add(part, tokens);
        return around;
    }

    private void Add(JsonPart part, TokenTable tokens)
    {
        if (part.IsNull) return;
        switch (part["type"].Text())
        {
            case "ByteLevel":
                break;
            case "Sequence":
                foreach (var processor in part["processors"].Items()) Add(processor, tokens);
                break;
            case "BertProcessing" or "RobertaProcessing":
                int separator = tokens.Require(part["sep"].Items().First().Text(), "token after a text");
                Before.Add(tokens.Require(part["cls"].Items().First().Text(), "token before a text"));
                After.Add(separator);
                HasTypedParts = part["type"].Text() == "BertProcessing";
                Between = HasTypedParts ? [separator] : [separator, separator];
                break;
            case "TemplateProcessing":
                AddTemplate(part, tokens);
                break;
            case var type:
                throw part.Error($"is of type '{type}'; supported are BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing");
        }
    }

    private void AddTemplate(JsonPart part, TokenTable tokens)
    {
        bool text = false;
        List<int> first = [], last = [];
        foreach (var piece in part["single"].Items())
        {
            if (piece.Contains("Sequence"))
            {
                if (text) throw piece.Error("holds the text a second time, which is not supported");
                text = true;
            }
            else
            {
                (text ? last : first).Add(Special(piece, tokens));
            }
        }
        if (!text) throw part.Error("has a template without the text");
        // A template that follows another one stands around it.
        Before.InsertRange(0, first);
        After.AddRange(last);
        if (Before.Count + After.Count > Most) throw part.Error($"puts more than {Most} special tokens around a text");
        (Between, HasTypedParts) = _templates++ == 0 && !part["pair"].IsNull ? BetweenOf(part["pair"], tokens, first, last) : ([], false);
    }

    private static (List<int> Between, bool Typed) BetweenOf(JsonPart pair, TokenTable tokens, List<int> first, List<int> last)
    {
        var groups = new List<List<int>> { new() };
        var names = new List<string>();
        bool typed = false;
        foreach (var piece in pair.Items())
        {
            if (piece.Contains("Sequence"))
            {
                names.Add(piece["Sequence"]["id"].Text());
                typed = !piece["Sequence"]["type_id"].IsNull && piece["Sequence"]["type_id"].Number() > 0;
                groups.Add([]);
            }
            else
            {
                groups[^1].Add(Special(piece, tokens));
            }
        }
        bool isPlain = names is ["A", "B"] && groups[0].SequenceEqual(first) && groups[2].SequenceEqual(last) && groups[1].Count is > 0 and <= Most && groups[1].Distinct().Count() == 1;
        return isPlain ? (groups[1], typed) : ([], false);
    }

    private static int Special(JsonPart piece, TokenTable tokens) => tokens.Require(piece["SpecialToken"]["id"].Text(), "special token of the template");
}
