using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlAttention.Tests.Text;

/// <summary>The texts and ids of Golden/tokenizers, and tokenizers to compare with them.</summary>
internal static class ExpectedIds
{
    public static string[] Names => ["bert", "bert_cased", "bert_accents", "roberta", "roberta_space", "xlm_roberta"];

    public static string[] Texts { get; } = JsonSerializer.Deserialize<string[]>(Read("texts.json.br"))!;

    /// <summary>Pairs of them.</summary>
    public static (string First, string Second)[] Pairs { get; } = [.. JsonSerializer.Deserialize<int[][]>(Read("pairs.json.br"))!.Select(pair => (Texts[pair[0]], Texts[pair[1]]))];

    public static int[][] OfPairs(string name) => JsonSerializer.Deserialize<int[][]>(Read($"{name}.pairs.br"))!;

    public static int[][] Of(string name) => JsonSerializer.Deserialize<int[][]>(Read($"{name}.ids.br"))!;

    /// <summary>Texts and ids of Hugging Face's own library, where the JavaScript one differs.</summary>
    public static Dictionary<string, Dictionary<string, string>> OfLibrary() => JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(Read("library.json"))!;

    /// <summary>The files of a tokenizer as its family has them without tokenizer.json.</summary>
    public static Dictionary<string, byte[]> Files(string name) => name switch
    {
        "bert" => Bert("{}"),
        "bert_cased" => Bert("""{ "do_lower_case": false }"""),
        "bert_accents" => Bert("""{ "strip_accents": false, "tokenize_chinese_chars": false }"""),
        "roberta" => RoBerta("{}"),
        "roberta_space" => RoBerta("""{ "add_prefix_space": true }"""),
        _ => new() { ["sentencepiece.bpe.model"] = ReadBytes("xlm_roberta/sentencepiece.bpe.model") },
    };

    /// <summary>The same as tokenizer.json alone.</summary>
    public static Dictionary<string, byte[]> Whole(string name) => new() { ["tokenizer.json"] = name == "xlm_roberta" ? Read("xlm_roberta/tokenizer.json.br") : Encoding.UTF8.GetBytes(WholeJson(name).ToJsonString()) };

    public static PretrainedTokenizer Load(string name) => PretrainedTokenizer.FromFiles(Files(name));

    private static Dictionary<string, byte[]> Bert(string configuration) => new()
    {
        ["vocab.txt"] = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "pretrained", "minilm", "vocab.txt")),
        ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
    };

    private static Dictionary<string, byte[]> RoBerta(string configuration) => new()
    {
        ["vocab.json"] = ReadBytes("roberta/vocab.json"),
        ["merges.txt"] = ReadBytes("roberta/merges.txt"),
        ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration),
    };

    private static JsonObject WholeJson(string name)
    {
        var files = Files(name);
        return name.StartsWith("bert", StringComparison.Ordinal)
            ? WordPiece(Encoding.UTF8.GetString(files["vocab.txt"]).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'), lowerCase: name != "bert_cased", stays: name == "bert_accents")
            : BytePairs(JsonNode.Parse(files["vocab.json"])!.AsObject(), Encoding.UTF8.GetString(files["merges.txt"]).TrimEnd('\n').Split('\n')[1..], prefixSpace: name == "roberta_space");
    }

    private static JsonObject WordPiece(string[] tokens, bool lowerCase, bool stays) => new()
    {
        ["added_tokens"] = new JsonArray([.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Select(token => Special(token, Array.IndexOf(tokens, token)))]),
        ["normalizer"] = new JsonObject { ["type"] = "BertNormalizer", ["lowercase"] = lowerCase, ["strip_accents"] = stays ? false : null, ["handle_chinese_chars"] = !stays },
        ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
        ["post_processor"] = new JsonObject { ["type"] = "TemplateProcessing", ["single"] = new JsonArray(Template("[CLS]"), Sequence("A", 0), Template("[SEP]")), ["pair"] = new JsonArray(Template("[CLS]"), Sequence("A", 0), Template("[SEP]"), Sequence("B", 1), Template("[SEP]")) },
        ["model"] = new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))) },
    };

    private static JsonObject BytePairs(JsonObject vocabulary, string[] merges, bool prefixSpace) => new()
    {
        ["added_tokens"] = new JsonArray([.. new[] { "<s>", "<pad>", "</s>", "<unk>", "<mask>" }.Select(token => Special(token, (int)vocabulary[token]!, leftSpace: token == "<mask>"))]),
        ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = prefixSpace },
        ["post_processor"] = new JsonObject { ["type"] = "RobertaProcessing", ["sep"] = new JsonArray("</s>", 2), ["cls"] = new JsonArray("<s>", 0) },
        ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary.DeepClone(), ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]) },
    };

    private static JsonObject Special(string content, int id, bool leftSpace = false) => new() { ["id"] = id, ["content"] = content, ["lstrip"] = leftSpace, ["normalized"] = false, ["special"] = true };

    private static JsonObject Sequence(string id, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };

    private static JsonObject Template(string token) => new() { ["SpecialToken"] = new JsonObject { ["id"] = token } };

    private static byte[] ReadBytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", name));

    private static byte[] Read(string name)
    {
        byte[] content = ReadBytes(name);
        if (!name.EndsWith(".br", StringComparison.Ordinal)) return content;
        using var plain = new MemoryStream();
        using (var stream = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress)) stream.CopyTo(plain);
        return plain.ToArray();
    }
}
