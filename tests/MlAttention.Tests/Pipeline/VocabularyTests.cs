using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>Keys mean something only with their vocabulary: another one of the same size is refused wherever keys come in.</summary>
public class VocabularyTests
{
    private const string OwnWords = "one two three four five", OtherWords = "one two drei four five";

    private readonly MLContext _ml = new(seed: 1);

    private sealed class NumberRow
    {
        [KeyType(5)]
        public uint[] Tokens { get; set; } = [];
    }

    public static TheoryData<string> Consumers => ["Classifier", "EmbedTokens", "EncodeSequence", "AttentionWeights"];

    [Theory]
    [MemberData(nameof(Consumers))]
    public void Transform_OtherVocabularyOfTheSameSize_NamesColumnAndFirstToken(string consumer)
    {
        var fitted = Fitted(consumer);
        var foreign = Tokens(OtherWords);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(foreign));
        var again = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(foreign)); // a refused schema is not remembered as a checked one
        var rowError = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.GetRowToRowMapper(foreign.Schema));

        foreach (var message in new[] { error.Message, again.Message, rowError.Message })
            Assert.StartsWith("Schema mismatch for tokens column 'Tokens': expected the keys of training, got others: key 3 is 'drei', where training had 'three'. Make the column with the fitted pipeline", message, StringComparison.Ordinal);
        Assert.Equal(7, fitted.Transform(Tokens(OwnWords)).Preview().RowView.Length);
    }

    [Theory]
    [MemberData(nameof(Consumers))]
    public void LoadAttention_OtherVocabularyOfTheSameSize_IsRefusedToo(string consumer)
    {
        var fitted = Fitted(consumer);
        using var stream = new MemoryStream();
        _ml.Model.Save(fitted, Tokens(OwnWords).Schema, stream);
        stream.Position = 0;

        var loaded = _ml.Model.LoadAttention(stream, out _);

        Assert.Contains("key 3 is 'drei'", Assert.Throws<ArgumentOutOfRangeException>(() => loaded.Transform(Tokens(OtherWords))).Message, StringComparison.Ordinal);
        Assert.Equal(7, loaded.Transform(Tokens(OwnWords)).Preview().RowView.Length);
    }

    [Theory]
    [InlineData("EncodeSequence")]
    [InlineData("AttentionWeights")]
    public void Fit_OtherVocabularyThanTheClassifiers_IsRefusedBeforeTransforming(string consumer) =>
        Assert.Contains("key 3 is 'drei'", Assert.Throws<ArgumentOutOfRangeException>(() => Estimator(consumer).Fit(Tokens(OtherWords))).Message, StringComparison.Ordinal);

    [Fact]
    public void Fit_ValidationDataOfOtherKeys_NamesTheColumn()
    {
        var trainer = _ml.Attention().Classifier(TinyTexts.Classifier);

        var tokens = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(Tokens(OwnWords), Tokens(OtherWords)));
        var labels = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(Tokens(OwnWords), Tokens(OwnWords, ["n", "y"])));

        Assert.Contains("tokens column 'Tokens'", tokens.Message, StringComparison.Ordinal);
        Assert.Contains("label column 'Label': expected the keys of training, got others: key 1 is 'n', where training had 'y'", labels.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_KeysWithoutValues_AreTakenForTheVocabularys()
    {
        var fitted = Fitted("Classifier");
        var schema = SchemaDefinition.Create(typeof(NumberRow));
        schema["Tokens"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 5));
        var numbers = _ml.Data.LoadFromEnumerable([new NumberRow { Tokens = [1, 2, 3, 4, 5] }], schema);

        Assert.Equal(fitted.Transform(Tokens(OwnWords)).GetColumn<float[]>("Score").First(), fitted.Transform(numbers).GetColumn<float[]>("Score").Single());
    }

    [Fact]
    public void Check_SameColumnAgain_ComparesNothing()
    {
        var column = Tokens(OwnWords).Schema["Tokens"];
        var reads = 0;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 5), (ref VBuffer<ReadOnlyMemory<char>> values) =>
        {
            reads++;
            column.GetKeyValues(ref values);
        });
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Tokens", column.Type, annotations.ToAnnotations());
        var schema = builder.ToSchema();
        var vocabulary = FittedVocabulary.Of(column, width: 8);

        for (var i = 0; i < 3; i++) vocabulary.Check(schema, "Tokens");

        Assert.Equal(1, reads);
    }

    [Fact]
    public void Open_StateThatDoesNotTellTheKeys_GivesTheSameScores()
    {
        var classifier = (AttentionClassifierTransformer)Fitted("Classifier");
        var weights = SafetensorsFile.Read(classifier.ToState().ToBytes(), "state", out var metadata);
        var values = metadata.Where(entry => entry.Key is not ("vocabulary" or "vocabularyType")).ToDictionary();
        Assert.Equal(metadata.Count - 2, values.Count);

        var opened = ComponentRegistry.Open(SafetensorsFile.ToBytes(weights, values));

        var data = Tokens(OwnWords);
        Assert.Equal(Snapshot.Of(classifier.Transform(data), "Score"), Snapshot.Of(opened.Transform(data), "Score"));
        Assert.Throws<ArgumentOutOfRangeException>(() => opened.Transform(Tokens("one two three")));
    }

    [Fact]
    public void SaveTextClassifier_TokenizerOfAnotherVocabulary_IsRefused()
    {
        var data = Texts(OtherWords, ["y", "n"]);
        var model = new TransformerChain<ITransformer>(_ml.Attention().TokenizeSequence("Tokens", "Text").Fit(data), Fitted("Classifier"));

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.SaveTextClassifier(model, Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));

        Assert.Contains("key 3 is 'drei', where training had 'three'", error.Message, StringComparison.Ordinal);
    }

    private ITransformer Fitted(string consumer) => Estimator(consumer).Fit(Tokens(OwnWords));

    private IEstimator<ITransformer> Estimator(string consumer)
    {
        var attention = _ml.Attention();
        AttentionClassifierEstimator trainer = attention.Classifier(TinyTexts.Classifier);
        return consumer switch
        {
            "Classifier" => trainer,
            "EmbedTokens" => attention.EmbedTokens("Embeddings", "Tokens", width: 4),
            "EncodeSequence" => attention.EncodeSequence(trainer.Fit(Tokens(OwnWords))),
            _ => attention.AttentionWeights(trainer.Fit(Tokens(OwnWords))),
        };
    }

    /// <summary>Rows of the words, tokenized with a vocabulary of just these words in this order.</summary>
    private IDataView Tokens(string words, string[]? labels = null)
    {
        var data = Texts(words, labels ?? ["y", "n"]);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    }

    /// <summary>A word is the more frequent, the earlier it stands, so that its key tells its place.</summary>
    private IDataView Texts(string words, string[] labels)
    {
        string[] split = words.Split(' ');
        string[] texts = [words, .. Enumerable.Range(1, 6).Select(row => string.Join(' ', split[..Math.Max(1, split.Length - row)]))];
        return _ml.Data.LoadFromEnumerable(texts.Select((text, row) => new TinyTexts.Row { Text = text, Label = labels[row % 2] }));
    }
}
