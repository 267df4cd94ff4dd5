using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Persistence;

namespace MlAttention.Tests.Pipeline;

public class ModelFileTests
{
    private static readonly Lazy<(byte[] File, string[] Scores)> Saved = new(() =>
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, 53);
        var model = TinyTexts.Pipeline(ml).Fit(data);
        return (Save(ml, model, data.Schema), Snapshot.Of(model.Transform(data), "Score", "PredictedLabel"));
    });

    private readonly MLContext _ml = new(seed: 2);

    private sealed class Lookup
    {
        public string Name { get; set; } = "";

        public float Legs { get; set; }
    }

    [Fact]
    public void LoadAttention_NestedChains_ReplacesEveryComponentAndKeepsScopes()
    {
        var data = TinyTexts.Data(_ml, 53);
        var inner = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Fit(data);
        var model = new TransformerChain<ITransformer>(
            [inner, _ml.Transforms.CopyColumns("Copy", "Label").Fit(inner.Transform(data))], [TransformerScope.Everything, TransformerScope.Testing]);

        var loaded = (TransformerChain<ITransformer>)_ml.Model.LoadAttention(new MemoryStream(Save(_ml, model, data.Schema)), out _);

        Assert.Single(((TransformerChain<ITransformer>)loaded.First()).OfType<AttentionClassifierTransformer>());
        Assert.Single(((TransformerChain<ITransformer>)loaded.First()).OfType<SequenceTokenizingTransformer>());
        Assert.NotNull(loaded.Transform(data, TransformerScope.Testing).Schema.GetColumnOrNull("Copy"));
        Assert.Null(loaded.Transform(data, TransformerScope.Scoring).Schema.GetColumnOrNull("Copy"));
    }

    [Fact]
    public void Load_WithoutLoadAttention_FailsWithTheAdvice()
    {
        var model = _ml.Model.Load(new MemoryStream(Saved.Value.File), out _);

        var error = Assert.ThrowsAny<Exception>(() => model.Transform(TinyTexts.Data(_ml, 3)).Preview());

        Assert.Contains("mlContext.Model.LoadAttention", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadAttention_ModelWithoutOurComponents_LoadsAsIs()
    {
        var data = TinyTexts.Data(_ml, 5);
        var table = _ml.Data.LoadFromEnumerable([new Lookup { Name = "dog", Legs = 4 }, new Lookup { Name = "owl", Legs = 2 }]);
        var model = _ml.Transforms.Conversion.MapValue("Mapped", table, table.Schema["Name"], table.Schema["Legs"], "Label").Append(_ml.Transforms.CopyColumns("Copy", "Text")).Fit(data);

        var loaded = _ml.Model.LoadAttention(new MemoryStream(Save(_ml, model, data.Schema)), out _);

        Assert.Equal(Snapshot.Of(model.Transform(data), "Mapped", "Copy"), Snapshot.Of(loaded.Transform(data), "Mapped", "Copy"));
    }

    [Fact]
    public void LoadAttention_ComponentOfAnotherVersion_SaysSoAndNotThatItIsDamaged()
    {
        var table = _ml.Data.LoadFromEnumerable([new OldCarried()]);
        var rows = _ml.Data.LoadFromEnumerable([new OldInput()]);
        var model = _ml.Transforms.Conversion.MapValue("MlAttention.State", table, table.Schema["Key"], table.Schema["Value"], ModelCarrier.InputColumnName).Fit(rows);

        var error = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadAttention(new MemoryStream(Save(_ml, model, rows.Schema)), out _));

        Assert.Contains("was written by another version of MlAttention", error.Message, StringComparison.Ordinal);
    }

    private sealed class OldCarried
    {
        public string Key { get; set; } = "state";

        public byte[] Value { get; set; } = "MATN"u8.ToArray();
    }

    private sealed class OldInput
    {
        [ColumnName(ModelCarrier.InputColumnName)]
        public string Key { get; set; } = "state";
    }

    [Fact]
    public void LoadAttention_TruncatedFile_ThrowsInvalidData()
    {
        var file = Saved.Value.File;
        for (var part = 0; part < 23; part++)
        {
            var cut = file[..(file.Length * part / 23)];
            Assert.Throws<InvalidDataException>(() => _ml.Model.LoadAttention(new MemoryStream(cut), out _));
        }
    }

    [Fact]
    public void LoadAttention_MutatedFile_ThrowsInvalidDataOrChangesNothing()
    {
        var (file, scores) = Saved.Value;
        var random = new Random(11);
        var refused = 0;
        var trials = Mutation.Trials(61);
        for (var trial = 0; trial < trials; trial++)
        {
            var damaged = Mutation.Of(file, random);
            try
            {
                var loaded = _ml.Model.LoadAttention(new MemoryStream(damaged), out _);
                Assert.Equal(scores, Snapshot.Of(loaded.Transform(TinyTexts.Data(_ml, 53)), "Score", "PredictedLabel"));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > trials * 2 / 3, $"{refused} of {trials} damaged files were refused");
    }

    [Fact]
    public void LoadAttention_FileOnDisk_NamesItInErrors()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no zip");
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => _ml.Model.LoadAttention(path, out _)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("C:\\evil")]
    public void LoadAttention_EntryThatClimbsOut_IsRefused(string name)
    {
        using var stream = new MemoryStream();
        stream.Write(Saved.Value.File);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        using (var writer = new StreamWriter(archive.CreateEntry(name).Open())) writer.Write("x");
        stream.Position = 0;

        Assert.Contains("points outside", Assert.Throws<InvalidDataException>(() => _ml.Model.LoadAttention(stream, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HostileStates_ThrowInvalidData()
    {
        static byte[] State(int version, string component, params (string Name, string Value)[] values) => SafetensorsFile.ToBytes([],
            new Dictionary<string, string>(values.Select(value => KeyValuePair.Create(value.Name, value.Value))) { ["version"] = $"{version}", ["component"] = component });

        static string Refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => ComponentRegistry.Open(bytes)).Message;

        Assert.Contains("format version 3", Refused(State(3, "Classifier")), StringComparison.Ordinal);
        Assert.Contains("'Evil'", Refused(State(1, "Evil")), StringComparison.Ordinal);
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => ModelCarrier.RequireIntact([1], new byte[32])).Message, StringComparison.Ordinal);
        Assert.Contains("lacks 'tokens'", Refused(State(1, "Classifier")), StringComparison.Ordinal);
        Assert.Contains("bytes follow", Refused(State(1, "Classifier")[..^1]), StringComparison.Ordinal);
        Assert.Contains("TokenizeSequenceOptions", Refused(State(1, "TokenizeSequence", ("options", "{]"))), StringComparison.Ordinal);
        Assert.Contains("TokenizeSequenceOptions", Refused(State(1, "TokenizeSequence", ("options", "{\"Tokenizer\":null}"))), StringComparison.Ordinal);
        Assert.Contains("'vocabulary'", Refused(State(1, "TokenizeSequence", ("options", "{}"), ("vocabulary", "[null]"))), StringComparison.Ordinal);
        Assert.Contains("claims", Refused(State(1, "EmbedTokens", ("input", "Tokens"), ("output", "Vectors"), ("vocabularySize", "2147483647"))), StringComparison.Ordinal);
        Assert.Contains("'surplus'", Refused(State(1, "TokenizeSequence", ("options", "{}"), ("vocabulary", "[\"a\"]"), ("surplus", ""))), StringComparison.Ordinal);
        Refused([]);
        Refused([1, 2, 3]);
    }

    [Fact]
    public void Open_HugeCounts_TakeNoMemory()
    {
        var header = """{"vast":{"dtype":"F32","shape":[536870911],"data_offsets":[0,2147483644]}}"""u8;
        byte[][] states = [[0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0], [.. BitConverter.GetBytes((long)header.Length), .. header]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var state in states) Assert.Throws<InvalidDataException>(() => ComponentRegistry.Open(state));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Theory]
    [InlineData("Weight")]
    [InlineData("Text")]
    public void SaveAndLoad_LabelsOfOtherTypes_KeepTheirValues(string labelSource)
    {
        var rows = TinyTexts.Rows(53);
        foreach (var row in rows) row.Weight = Array.IndexOf(TinyTexts.Labels, row.Label) * 0.5f;
        foreach (var row in rows) row.Text = row.Text.Split(' ')[0];
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", labelSource).Append(_ml.Attention().TokenizeSequence("Tokens", "Text"))
            .Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(data);

        var loaded = _ml.Model.LoadAttention(new MemoryStream(Save(_ml, model, data.Schema)), out _);

        Assert.Equal(Snapshot.Of(model.Transform(data), "Answer"), Snapshot.Of(loaded.Transform(data), "Answer"));
    }

    [Fact]
    public void Save_VocabularyPath_IsNotKept()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "bark\npurr\n");
            var data = TinyTexts.Data(_ml, 3);
            var model = _ml.Attention().TokenizeSequence(new() { VocabularyPath = path }).Fit(data);

            File.Delete(path);
            var loaded = (SequenceTokenizingTransformer)_ml.Model.LoadAttention(new MemoryStream(Save(_ml, model, data.Schema)), out _);

            Assert.Equal(["bark", "purr"], loaded.Vocabulary);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Save(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }
}
