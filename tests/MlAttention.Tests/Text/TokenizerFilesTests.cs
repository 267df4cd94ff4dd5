using System.Text;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Text;

/// <summary>The files of pretrained tokenizers: which counts, what they may ask for, and what is said when they are damaged.</summary>
public sealed class TokenizerFilesTests
{
    private const string Model = """{ "type": "WordPiece", "unk_token": "[UNK]", "vocab": { "[UNK]": 0, "a": 1, "b": 2, "##b": 3, "é": 4, ".": 5, "▁a": 6 } }""";

    [Fact]
    public void Load_SeveralKindsOfFiles_TakesTokenizerJsonFirst()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "vocab.txt"), "[UNK]\n[CLS]\n[SEP]\nb\na\n");
            Assert.Equal([1, 4, 3, 2], PretrainedTokenizer.Load(folder.FullName).Encode("a b"));
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json"), $$"""{ "model": {{Model}}, "pre_tokenizer": { "type": "WhitespaceSplit" } }""");
            File.WriteAllText(Path.Combine(folder.FullName, "config.json"), "{}");

            var tokenizer = PretrainedTokenizer.Load(folder.FullName);

            Assert.Equal([1, 2], tokenizer.Encode("a b"));
            Assert.Equal(["tokenizer.json", "vocab.txt"], tokenizer.Files.Keys);
            Assert.Null(tokenizer.ClsId);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_NoFileOfATokenizer_SaysWhichThereMayBe()
    {
        var none = Assert.Throws<FileNotFoundException>(() => PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]>()));
        var half = Assert.Throws<FileNotFoundException>(() => PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.json"] = "{}"u8.ToArray() }));

        foreach (string name in new[] { "tokenizer.json", "vocab.txt", "vocab.json and merges.txt", "sentencepiece.bpe.model" }) Assert.Contains(name, none.Message, StringComparison.Ordinal);
        Assert.Contains("merges.txt", half.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "Lowercase" }""", "A B", "1 2")]
    [InlineData("""{ "type": "NFC" }""", "e\u0301", "4")]
    [InlineData("""{ "type": "NFKC" }""", "\uFF41", "1")]
    [InlineData("""{ "type": "Sequence", "normalizers": [{ "type": "NFD" }, { "type": "StripAccents" }] }""", "á b\u0902", "1 2")]
    [InlineData("""{ "type": "Prepend", "prepend": "a" }""", "b", "1 3")]
    [InlineData("""{ "type": "Replace", "pattern": { "String": "." }, "content": "a" }""", ".b", "1 3")]
    [InlineData("""{ "type": "Replace", "pattern": { "Regex": "x{2,}" }, "content": "b" }""", "axx x", "1 3 0")]
    [InlineData("""{ "type": "BertNormalizer", "lowercase": true, "strip_accents": false }""", "É A\u0301", "4 0")]
    [InlineData("""{ "type": "BertNormalizer", "clean_text": false, "lowercase": false }""", "a\u0000 A", "0 0")]
    public void Encode_EachNormalizer_ActsAsHuggingFaces(string normalizer, string text, string expected) =>
        Assert.Equal(expected, Ids($$"""{ "model": {{Model}}, "normalizer": {{normalizer}}, "pre_tokenizer": { "type": "WhitespaceSplit" } }""", text));

    [Theory]
    [InlineData("""{ "type": "BertPreTokenizer" }""", "a.b", "1 5 2")]
    [InlineData("""{ "type": "WhitespaceSplit" }""", "a\u3000b", "1 2")]
    [InlineData("""{ "type": "Metaspace" }""", "a", "6")]
    [InlineData("""{ "type": "Metaspace", "prepend_scheme": "never" }""", "a a", "1 6")]
    [InlineData("""{ "type": "Metaspace", "prepend_scheme": "never", "split": false }""", "a a", "0")]
    [InlineData("""{ "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, { "type": "Metaspace", "add_prefix_space": true }] }""", "a  a", "6 6")]
    public void Encode_EachPreTokenizer_ActsAsHuggingFaces(string preTokenizer, string text, string expected) =>
        Assert.Equal(expected, Ids($$"""{ "model": {{Model}}, "pre_tokenizer": {{preTokenizer}} }""", text));

    [Theory]
    [InlineData("""{ "content": "b", "id": 9 }""", "a b", "1 2")]
    [InlineData("""{ "content": "xy", "id": 9 }""", "axyb xy", "1 9 2 9")]
    [InlineData("""{ "content": "xy", "id": 9, "single_word": true }""", "axy xy b", "0 9 2")]
    [InlineData("""{ "content": "xy", "id": 9, "lstrip": true, "rstrip": true }""", "a  xy\tb", "1 9 2")]
    [InlineData("""{ "content": "XY", "id": 9, "normalized": true }""", "XY xy", "9 9")]
    [InlineData("""{ "content": "XY", "id": 9, "normalized": false }""", "XY xy", "9 0")]
    public void Encode_AddedToken_IsFoundAsItsFlagsSay(string added, string text, string expected) =>
        Assert.Equal(expected, Ids($$"""{ "model": {{Model}}, "normalizer": { "type": "Lowercase" }, "pre_tokenizer": { "type": "WhitespaceSplit" }, "added_tokens": [{{added}}] }""", text));

    [Theory]
    [InlineData("""{ "add_prefix_space": true }""", "roberta", "<s>| the|</s>")]
    [InlineData("""{ "cls_token": "<unk>", "sep_token": { "content": "<pad>" } }""", "roberta", "<unk>|the|<pad>")]
    public void Load_TokenizerConfig_IsFollowed(string configuration, string name, string expected)
    {
        var files = ExpectedIds.Files(name);
        files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(configuration);
        var tokenizer = PretrainedTokenizer.FromFiles(files);

        Assert.Equal(expected, string.Join('|', tokenizer.Encode("the").Select(id => tokenizer.Tokens[id].Replace('Ġ', ' '))));
    }

    [Fact]
    public void Load_TokensOfOtherFiles_AreFoundInTexts()
    {
        var files = ExpectedIds.Files("bert");
        files["added_tokens.json"] = """{ "[NEW]": 30522 }"""u8.ToArray();
        files["special_tokens_map.json"] = """{ "mask_token": { "content": "[unused1]", "lstrip": true } }"""u8.ToArray();
        files["tokenizer_config.json"] = """{ "added_tokens_decoder": { "30523": { "content": "[LAST]", "normalized": false } } }"""u8.ToArray();
        var tokenizer = PretrainedTokenizer.FromFiles(files);

        Assert.Equal([101, 1037, 2, 30522, 30523, 102], tokenizer.Encode("a   [unused1][NEW][LAST]"));
        Assert.Equal((30524, "[NEW]"), (tokenizer.VocabularySize, tokenizer.Tokens[30522]));
    }

    [Theory]
    [InlineData("""{ "model": { "type": "WordLevel" } }""", "'WordLevel'", "Unigram and WordPiece")]
    [InlineData("""{ "model": MODEL, "normalizer": { "type": "Nmt" } }""", "'Nmt'", "BertNormalizer")]
    [InlineData("""{ "model": MODEL, "pre_tokenizer": { "type": "Digits" } }""", "'Digits'", "WhitespaceSplit")]
    [InlineData("""{ "model": MODEL, "pre_tokenizer": { "type": "Metaspace", "prepend_scheme": "first" } }""", "'first'", "always and never")]
    [InlineData("""{ "model": MODEL, "post_processor": { "type": "Other" } }""", "'Other'", "TemplateProcessing")]
    [InlineData("""{ "model": MODEL, "post_processor": { "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "[CLS]" } }] } }""", "[CLS]", "special token of the template")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [] } }""", "ByteLevel", "bytes")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": ["a b"] }, "pre_tokenizer": { "type": "ByteLevel" } }""", "merge 1, 'a b'", "'b'")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": ["ab"] }, "pre_tokenizer": { "type": "ByteLevel" } }""", "'ab'", "two tokens")]
    [InlineData("""{ "model": { "type": "Unigram", "unk_id": 7, "vocab": [["a", 0]] } }""", "unk_id is 7", "0 to 0")]
    [InlineData("""{ "model": { "type": "Unigram", "unk_id": 0, "vocab": [["a", 0]], "byte_fallback": true } }""", "byte_fallback", "not supported")]
    [InlineData("""{ "model": { "type": "WordPiece", "vocab": { "a": 0 } } }""", "'[UNK]'", "unk_token")]
    [InlineData("""{ "model": { "type": "WordPiece", "vocab": { "[UNK]": 2000000000 } } }""", "2000000000", "whole")]
    [InlineData("""{ "model": { "type": "WordPiece", "vocab": { "[UNK]": "0" } } }""", "must be of kind Number", "String")]
    [InlineData("""{ "model": MODEL, "normalizer": { "type": "Precompiled", "precompiled_charsmap": "AAAA" } }""", "precompiled_charsmap", "cut short")]
    [InlineData("""{ "model": MODEL, "normalizer": { "type": "Replace", "pattern": { "Regex": "(?<=a)b" }, "content": "" } }""", "(?<=a)b", "not supported")]
    [InlineData("""{ "model": MODEL""", "is not JSON", "tokenizer.json")]
    [InlineData("""{ }""", "vocab", "Object")]
    public void Load_WhatIsNotSupported_NamesFileFoundAndSupported(string json, string found, string supported)
    {
        var error = Assert.Throws<InvalidDataException>(() => Ids(json.Replace("MODEL", Model, StringComparison.Ordinal), "a"));

        Assert.StartsWith("tokenizer.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains(supported, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_NormalizerThatBlowsATextUp_IsRefused()
    {
        string step = """{ "type": "Replace", "pattern": { "String": "a" }, "content": "aaaaaaaaaa" }""";
        string json = $$"""{ "model": {{Model}}, "normalizer": { "type": "Sequence", "normalizers": [{{string.Join(',', Enumerable.Repeat(step, 30))}}] } }""";

        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => Ids(json, "a")).Message, StringComparison.Ordinal);
    }

    /// <summary>What a damaged file costs is one kind of exception; what still reads encodes.</summary>
    [Theory]
    [InlineData("bert", "vocab.txt")]
    [InlineData("bert", "tokenizer_config.json")]
    [InlineData("roberta", "vocab.json")]
    [InlineData("roberta", "merges.txt")]
    [InlineData("xlm_roberta", "sentencepiece.bpe.model")]
    [InlineData("roberta", "tokenizer.json")]
    [InlineData("xlm_roberta", "tokenizer.json")]
    public void FromFiles_Mutated_ThrowsInvalidDataOrEncodes(string name, string file)
    {
        var files = file == "tokenizer.json" ? ExpectedIds.Whole(name) : ExpectedIds.Files(name);
        if (file == "vocab.txt") files[file] = files[file][..20_000];
        if (file == "tokenizer_config.json") files[file] = """{ "do_lower_case": true, "strip_accents": null, "cls_token": { "content": "[CLS]", "lstrip": false }, "added_tokens_decoder": { "7": { "content": "[X]" } } }"""u8.ToArray();
        var random = new Random(name.Length * 31 + file.Length);

        var outcomes = Enumerable.Range(0, Mutation.Trials(60)).Select(_ => Mutations.Try(files, file, random)).ToArray();

        Assert.Contains(false, outcomes);
    }

    private static string Ids(string json, string text) =>
        string.Join(' ', PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(json) }).Encode(text));
}
