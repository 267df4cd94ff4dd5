#:package Tokenizers.DotNet@1.4.1
#:package Tokenizers.DotNet.runtime.linux-x64@1.4.1
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false

// Makes library.json: the ids of Hugging Face's own library, in Rust, where the JavaScript one differs from it.
// Usage, after make_ids.mjs: dotnet run make_library_ids.cs
using System.Text.Encodings.Web;
using System.Text.Json;

string[] texts =
[
    "ΟΔΟΣ ΑΣ", "Σ σ ς", "\U00020000\U0002A6DF a\U0002B820b", "a\uFEFFb", "\uFEFF hello", "a\u0085b", " \u0085 x", "x \u0085", "𠮷野家", "İSTANBUL Iı", "\u1E9E\u0130\u03A3",
    "hello\uFEFF\uFEFF world", "\u0085\u0085\u0085a", "don't\uFEFF's", "ΣΊΣΥΦΟΣ.", "<mask>\u0085", "a \uFEFF<mask>", "[MASK]\uFEFF[SEP]",
];
var cases = new Dictionary<string, Dictionary<string, uint[]>>();
foreach (string name in (string[])["bert", "bert_cased", "roberta", "roberta_space", "xlm_roberta"])
{
    using var tokenizer = new Tokenizers.DotNet.Tokenizer($"{name}.tokenizer.json");
    cases[name] = texts.ToDictionary(text => text, text => tokenizer.Encode(text));
}
using var stream = File.Create("library.json");
using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
writer.WriteStartObject();
foreach (var (name, ids) in cases)
{
    writer.WriteStartObject(name);
    foreach (var (text, numbers) in ids) writer.WriteString(text, string.Join(' ', numbers));
    writer.WriteEndObject();
}
writer.WriteEndObject();
