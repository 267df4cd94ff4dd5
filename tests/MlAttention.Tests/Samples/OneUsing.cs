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
        attention.TokenContributions(classifier).Fit(prepared);
        var model = tokens.Append(classifier);
        ml.Transforms.Conversion.MapValueToKey("Label", keyData: attention.LabelKeys(model, data)).Append(attention.ContinueClassifier(model));
        ml.Model.SaveOnnx(model, Path.Combine(folder, "model.onnx"));
        attention.TokenizeForOnnx(Path.Combine(folder, "model.onnx")).Fit(data);
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
        attention.PretrainEncoder(attention.LoadCsv(csv), new MlAttention.PretrainingOptions(encoder));
    }

    /// <summary>A text for each text.</summary>
    public static ITransformer Pairs(MLContext ml, IDataView pairs) => ml.Attention().SequenceToSequence("Output", "Source", "Target", epochs: 1).Fit(pairs);

    /// <summary>A model that writes texts.</summary>
    public static string Write(MLContext ml, string csv)
    {
        var attention = ml.Attention();
        return attention.TextGenerator("Text").Fit(attention.LoadCsv(csv)).Generator.Generate("the").Text;
    }

    /// <summary>A label for each word, and the metrics of tasks with several labels a row.</summary>
    public static double Words(MLContext ml, string conll)
    {
        var attention = ml.Attention();
        IDataView data = attention.LoadTokenLabels(conll);
        var options = new MlAttention.AttentionClassifierOptions { Task = MlAttention.TaskKind.TokenLabels, WordStartsColumnName = "WordStarts", Training = new() { Epochs = 1 } };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeWords()).Append(attention.Classifier(options));
        return attention.EvaluateTokenLabels(pipeline.Fit(data).Transform(data)).Accuracy;
    }

    /// <summary>The metrics of several labels a row.</summary>
    public static double SeveralLabels(MLContext ml, IDataView scored) => ml.Attention().EvaluateMultiLabel(scored).MicroF1;

    /// <summary>The ordering ablation with its defaults.</summary>
    public static object Ablate(MLContext ml, IDataView training, IDataView test) => ml.Attention().OrderingAblation(training, test);
}
