using Microsoft.ML;

// In a namespace that sees none of the library's: what compiles here is found by the one using above.
namespace OneUsing;

/// <summary>Every method of the catalog and of models, found by <c>using Microsoft.ML;</c> alone.</summary>
internal static class Consumer
{
    /// <summary>A pipeline with each estimator that needs no trained classifier.</summary>
    public static IEstimator<ITransformer> Estimators(MLContext ml)
    {
        var attention = ml.Attention();
        return ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 8))
            .Append(attention.AddPositions("Positioned", "Embeddings"))
            .Append(attention.SelfAttention("Attended", "Positioned", heads: 2))
            .Append(attention.PoolSequence("Pooled", "Attended"))
            .Append(attention.Classifier(epochs: 1));
    }

    /// <summary>Load a CSV, train, encode, inspect, save and load.</summary>
    public static ITransformer Use(MLContext ml, string csv, string folder)
    {
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(csv);
        var tokens = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data);
        IDataView prepared = tokens.Transform(data);
        var classifier = attention.Classifier(epochs: 1).Fit(prepared);
        attention.EncodeSequence(classifier).Fit(prepared).Transform(prepared);
        attention.AttentionWeights(classifier).Fit(prepared);
        var model = tokens.Append(classifier);
        ml.Model.SaveTextClassifier(model, Path.Combine(folder, "model.safetensors"));
        ml.Model.Save(model, data.Schema, Path.Combine(folder, "model.zip"));
        return ml.Model.LoadAttention(Path.Combine(folder, "model.zip"), out _);
    }

    /// <summary>The estimators over a pretrained encoder, and how a fine-tuned one is written.</summary>
    public static void Pretrained(MLContext ml, MlAttention.PretrainedEncoder encoder, string csv, string folder)
    {
        var attention = ml.Attention();
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.PretrainedClassifier(encoder, epochs: 1));
        ml.Model.SaveHuggingFace(pipeline.Fit(attention.LoadCsv(csv)), folder);
        attention.EmbedText("Embedding", "Text", encoder);
    }

    /// <summary>The ordering ablation with its defaults.</summary>
    public static object Ablate(MLContext ml, IDataView training, IDataView test) => ml.Attention().OrderingAblation(training, test);
}
