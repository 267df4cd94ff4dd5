using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

public class EmbedTextTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Transform_ManyRows_GivesTheEmbeddersVectorsToTheBit()
    {
        var rows = TinyTexts.Rows(150);
        var model = _ml.Attention().EmbedText("Embedding", "Text", TinyEncoder.Shared).Fit(TinyTexts.Data(_ml, 3));
        var embedder = new TextEmbedder(TinyEncoder.Shared);

        var vectors = model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Embedding").ToArray();

        Assert.Equal(rows.Select(row => embedder.Embed(row.Text)), vectors);
        Assert.Equal(rows.Select(row => model.Embedder.Embed(row.Text)), vectors);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 8), model.GetOutputSchema(TinyTexts.Data(_ml, 3).Schema)["Embedding"].Type);
    }

    [Fact]
    public void Open_SavedState_GivesTheSameVectors()
    {
        var data = TinyTexts.Data(_ml, 53);
        var model = _ml.Attention().EmbedText("Embedding", "Text", TinyEncoder.Shared, PoolingKind.Max, normalize: true, maxLength: 5).Fit(data);

        var loaded = (TextEmbeddingTransformer)ComponentRegistry.Open(model.ToState().ToBytes());

        Assert.Equal(model.Transform(data).GetColumn<float[]>("Embedding"), loaded.Transform(data).GetColumn<float[]>("Embedding"));
        Assert.Equal(("tiny", PoolingKind.Max, true, 5), (loaded.Embedder.Name, loaded.Embedder.Pooling, loaded.Embedder.Normalizes, loaded.Embedder.MaxLength));
        Assert.Equal(TinyEncoder.Shared.Tokenizer.Files, loaded.Embedder.Parts.Tokenizer.Files);
        Assert.True(loaded.TruncatedRows > 0);
        Assert.Equal(model.ToState().ToBytes(), loaded.ToState().ToBytes());
    }

    [Fact]
    public void Features_OfAnEncoder_TrainAnyOfMlNetsTrainers()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Attention().EmbedText("Features", "Text", TinyEncoder.Shared))
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

        var model = pipeline.Fit(TinyTexts.Data(_ml, 331));

        Assert.InRange(_ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 97, seed: 11))).MicroAccuracy, 0.6, 1);
    }

    [Fact]
    public void EmbedText_BadOptions_AreRefusedWhenTheEstimatorIsMade()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().EmbedText("Embedding", "Text", TinyEncoder.Shared, PoolingKind.Cls, maxLength: 18));

        Assert.Contains("TextEmbedderOptions has 2 error(s)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().EmbedText("Embedding", "Id", TinyEncoder.Shared).Fit(TinyTexts.Data(_ml, 3)));
    }
}
