using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Csv;

namespace MlAttention.Tests.TokenFiles;

/// <summary>Files with a label for each word.</summary>
public sealed class TokenFileTests : IDisposable
{
    private readonly CsvFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Conll_FourFields_GivesWordsAndTheLastField()
    {
        var path = _folder.Write("eng.train", "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n\nPeter NNP B-NP B-PER\r\nBlackburn NNP I-NP I-PER\r\n");

        Assert.Equal(["EU/B-ORG rejects/O", "Peter/B-PER Blackburn/I-PER"], Sentences(_ml.Attention().LoadTokenLabels(path)));
        Assert.Equal(["EU/NNP rejects/VBZ", "Peter/NNP Blackburn/NNP"], Sentences(_ml.Attention().LoadTokenLabels(new TokenFileOptions { LabelField = 1 }, path)));
    }

    [Fact]
    public void Conll_TabsAndComments_ReadAsTheOptionsSay()
    {
        var path = _folder.Write("a.conllu", "# sent_id = 1\n1\tNew York\tB-LOC\n2\t#tag\tO\n");

        Assert.Equal(["New York/B-LOC #tag/O"], Sentences(_ml.Attention().LoadTokenLabels(new TokenFileOptions { Delimiter = '\t', CommentPrefix = "# ", WordField = 1 }, path)));
    }

    [Fact]
    public void JsonLines_ListsOfTexts_GivesThem()
    {
        var path = _folder.Write("a.jsonl", "{\"id\": 1, \"tokens\": [\"EU\", \"rejects\"], \"tags\": [\"B-ORG\", \"O\"]}\n\n{\"tokens\": [], \"tags\": []}\n");

        Assert.Equal(["EU/B-ORG rejects/O", ""], Sentences(_ml.Attention().LoadTokenLabels(new TokenFileOptions { WordsProperty = "tokens", LabelsProperty = "tags" }, path)));
    }

    [Fact]
    public void WithoutLabels_GivesWordsAlone()
    {
        var path = _folder.Write("a.txt", "EU\nrejects\n\nPeter\n");

        var data = _ml.Attention().LoadTokenLabels(new TokenFileOptions { HasLabels = false }, path);

        Assert.Equal(["Words"], data.Schema.Select(column => column.Name));
        Assert.Equal([["EU", "rejects"], ["Peter"]], data.GetColumn<string[]>("Words"));
    }

    [Theory]
    [InlineData("a.txt", "EU B-ORG\nrejects\n", "a.txt, line 2: the line has 1 field, the first one 2 fields: 'rejects'")]
    [InlineData("a.txt", "EU\n", "a.txt, line 1: the line has a word and no label: 'EU'. Set HasLabels = false")]
    [InlineData("a.txt", "\n\n", "a.txt: there is no sentence in the file")]
    [InlineData("a.jsonl", "{\"words\": [\"a\"], \"labels\": []}\n", "a.jsonl, line 1: there are 1 words and 0 labels")]
    [InlineData("a.jsonl", "{\"tokens\": [\"a\"], \"labels\": []}\n", "a.jsonl, line 1: there is no property 'words'; there are 'tokens', 'labels'. Set WordsProperty")]
    [InlineData("a.jsonl", "{\"words\": [\"a\", 3], \"labels\": []}\n", "a.jsonl, line 1: 'words' must be a list of texts")]
    [InlineData("a.jsonl", "[1]\n", "a.jsonl, line 1: the line must be a JSON object")]
    [InlineData("a.jsonl", "{\"words\"\n", "a.jsonl, line 1: the line is not JSON")]
    public void BadLine_NamesThePlaceAndTheFix(string name, string content, string expected)
    {
        var path = _folder.Write(name, content);

        var error = Assert.Throws<InvalidDataException>(() => _ml.Attention().LoadTokenLabels(path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFileFieldOrUtf8_NamesIt()
    {
        Assert.Contains("there is no such file", Assert.Throws<FileNotFoundException>(() => _ml.Attention().LoadTokenLabels(_folder["none.txt"])).Message, StringComparison.Ordinal);
        var path = _folder.Write("a.txt", "EU B-ORG\n");
        Assert.Contains("there is no field 5: lines have 2 fields, 0 to 1. Correct LabelField", Assert.Throws<InvalidDataException>(() => _ml.Attention().LoadTokenLabels(new TokenFileOptions { LabelField = 5 }, path)).Message, StringComparison.Ordinal);
        var latin = _folder.Write("b.txt", [.. "na"u8, 0xEF, .. "ve O\n"u8]);
        Assert.Contains("is not UTF-8", Assert.Throws<InvalidDataException>(() => _ml.Attention().LoadTokenLabels(latin)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TokenFileOptions { WordField = 1, LabelField = 1 }.Validate());
        Assert.Throws<ArgumentException>(() => _ml.Attention().LoadTokenLabels(new TokenFileOptions()));
    }

    private static string[] Sentences(IDataView data) =>
        [.. data.GetColumn<string[]>("Words").Zip(data.GetColumn<string[]>("Label")).Select(row => string.Join(' ', row.First.Zip(row.Second, (word, label) => $"{word}/{label}")))];
}
