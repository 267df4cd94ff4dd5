using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Onnx;

/// <summary>A pipeline written as ONNX, and run by ML.NET's ApplyOnnxModel behind nothing of this library but the tokenizer.</summary>
public sealed class SaveOnnxTests : IDisposable
{
    private static readonly string[] s_texts = ["bark bone", "Purr, purr & MOUSE naps", "hoot", "", "zebra", "caf\u00e9 d\u2019hoot \U0001F989", string.Join(' ', Enumerable.Repeat("flies night bark", 20))];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public sealed class Scored
    {
        [ColumnName("probabilities")]
        public float[] Probabilities { get; set; } = [];

        [ColumnName("input_ids")]
        public long[] Ids { get; set; } = [];
    }

    [Theory]
    [InlineData(PoolingKind.Mean, PositionScheme.Sinusoidal, TruncationSide.KeepStart)]
    [InlineData(PoolingKind.Cls, PositionScheme.Learned, TruncationSide.KeepEnd)]
    [InlineData(PoolingKind.Last, PositionScheme.Rotary, TruncationSide.KeepEnd)]
    public void ApplyOnnxModel_BehindTheTokenizer_GivesThePipelinesProbabilities(PoolingKind pooling, PositionScheme positions, TruncationSide truncation)
    {
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { Pooling = pooling, Positions = positions, Truncation = truncation }).Fit(TinyTexts.Data(_ml, 53));
        string path = _folder.File("model.onnx");
        _ml.Model.SaveOnnx(model, path);
        var texts = _ml.Data.LoadFromEnumerable(s_texts.Select(text => new TinyTexts.Row { Text = text }));

        var tokenizer = _ml.Attention().TokenizeForOnnx(path);
        var scoring = tokenizer.Append(_ml.Transforms.ApplyOnnxModel(["probabilities"], ["input_ids", "attention_mask"], path)).Fit(texts);
        var scored = _ml.Data.CreateEnumerable<Scored>(scoring.Transform(texts), reuseRowObject: false).ToArray();

        var expected = model.Transform(texts).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(expected.Length, scored.Length);
        Assert.All(expected.Zip(scored), pair => Assert.All(pair.First.Zip(pair.Second.Probabilities), values => Assert.Equal(values.First, values.Second, 1e-5f)));
        Assert.Equal([0], scored[3].Ids);
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, Scored>(scoring);
        Assert.Equal(scored[1].Probabilities, engine.Predict(new TinyTexts.Row { Text = s_texts[1] }).Probabilities);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ApplyOnnxModel_PairsOfTexts_GivesThePipelinesProbabilities(bool pretrained)
    {
        var model = (pretrained ? TinyPairs.Pretrained(_ml) : TinyPairs.Pipeline(_ml)).Fit(TinyPairs.Data(_ml, 53));
        string path = _folder.File("model.onnx");
        _ml.Model.SaveOnnx(model, path);
        var pairs = _ml.Data.LoadFromEnumerable(TinyPairs.Hard.Select(pair => new TinyPairs.Row { First = pair.First, Second = pair.Second }));

        var tokenizer = _ml.Attention().TokenizeForOnnx(path).Fit(pairs);
        _ml.Model.Save(tokenizer, pairs.Schema, _folder.File("tokenizer.zip"));
        var inputs = _ml.Model.LoadAttention(_folder.File("tokenizer.zip"), out _).Transform(pairs);
        var scored = _ml.Transforms.ApplyOnnxModel(["probabilities"], ["input_ids", "attention_mask"], path).Fit(inputs).Transform(inputs).GetColumn<float[]>("probabilities");

        var expected = model.Transform(pairs).GetColumn<float[]>("Score").ToArray();
        Assert.All(expected.Zip(scored), pair => Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.First, values.Second, 1e-5f)));
    }

    [Fact]
    public void TokenizeForOnnx_SavedAndLoaded_CutsAsTheModelDoes()
    {
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 53));
        _ml.Model.SaveOnnx(model, _folder.File("model.onnx"));
        var texts = _ml.Data.LoadFromEnumerable(s_texts.Select(text => new TinyTexts.Row { Text = text }));
        var tokenizer = _ml.Attention().TokenizeForOnnx(_folder.File("model.onnx")).Fit(texts);

        _ml.Model.Save(tokenizer, texts.Schema, _folder.File("tokenizer.zip"));
        var loaded = _ml.Model.LoadAttention(_folder.File("tokenizer.zip"), out _);

        var ids = loaded.Transform(texts).GetColumn<long[]>("input_ids").ToArray();
        Assert.Equal(tokenizer.Transform(texts).GetColumn<long[]>("input_ids"), ids);
        Assert.Equal(TinyTexts.Classifier.MaxLength, ids[^1].Length);
        Assert.Equal(1, ((SequenceTokenizingTransformer)loaded).TruncatedRows);
        Assert.Equal(ids.Select((row, text) => row.Select(_ => s_texts[text].Length == 0 ? 0L : 1L).ToArray()), loaded.Transform(texts).GetColumn<long[]>("attention_mask"));
        Assert.Equal(tokenizer.Vocabulary.Count, ids[4].Single()); // "zebra" is not in the vocabulary
    }

    [Fact]
    public void TokenizeSequence_OnnxInputs_AreTheKeysMinusOne()
    {
        var data = TinyTexts.Data(_ml, 7);
        var keys = _ml.Attention().TokenizeSequence(new TokenizeSequenceOptions { UnknownToken = "[UNK]" }).Fit(data).Transform(data).GetColumn<uint[]>("Tokens");

        var inputs = _ml.Attention().TokenizeSequence(new TokenizeSequenceOptions { UnknownToken = "[UNK]", Columns = TokenColumns.OnnxInputs }).Fit(data).Transform(data);

        Assert.Equal(keys.Select(row => row.Select(key => (long)key - 1).ToArray()), inputs.GetColumn<long[]>("input_ids"));
        Assert.Null(inputs.Schema.GetColumnOrNull("Tokens"));
        Assert.All(new[] { "input_ids", "attention_mask" }, name => Assert.Equal(new VectorDataViewType(NumberDataViewType.Int64), inputs.Schema[name].Type));
    }

    [Fact]
    public void SaveOnnx_CountryWithAnotherMinus_WritesTheSameBytes()
    {
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 29));
        var culture = CultureInfo.CurrentCulture;
        _ml.Model.SaveOnnx(model, _folder.File("here.onnx"));
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE") { NumberFormat = { NegativeSign = "\u2212", NumberDecimalSeparator = "," } };
            _ml.Model.SaveOnnx(model, _folder.File("there.onnx"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.Equal(File.ReadAllBytes(_folder.File("here.onnx")), File.ReadAllBytes(_folder.File("there.onnx")));
    }

    [Fact]
    public void SaveOnnx_EveryPrecision_IsSmallerAndKeepsTheLabels()
    {
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { ModelWidth = 64, FeedForwardWidth = 256, Training = TinyTexts.Classifier.Training with { Epochs = 12 } }).Fit(TinyTexts.Data(_ml, 197));
        var texts = TinyTexts.Data(_ml, 101, seed: 11);
        var labels = model.Transform(texts).GetColumn<string>("PredictedLabel").ToArray();
        var sizes = new List<long>();

        foreach (var precision in Enum.GetValues<OnnxPrecision>())
        {
            string path = _folder.File($"{precision}.onnx");
            _ml.Model.SaveOnnx(model, path, new OnnxOptions { Precision = precision });
            sizes.Add(new FileInfo(path).Length);
            var scored = _ml.Attention().TokenizeForOnnx(path).Append(_ml.Transforms.ApplyOnnxModel(["probabilities"], ["input_ids", "attention_mask"], path)).Fit(texts).Transform(texts);
            var names = OnnxLabels.Of(path);
            var found = scored.GetColumn<float[]>("probabilities").Select(row => names[Array.IndexOf(row, row.Max())]).ToArray();
            Assert.True(labels.Zip(found).Count(pair => pair.First != pair.Second) <= (precision == OnnxPrecision.Int8 ? 2 : 0), $"{precision} has other labels");
        }
        Assert.True(sizes[1] < 0.6 * sizes[0] && sizes[2] < 0.4 * sizes[0], string.Join(", ", sizes));
    }
}
