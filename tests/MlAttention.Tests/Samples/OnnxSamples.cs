using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The code of docs/ONNX.md and of the documentation of SaveOnnx and OnnxFile, run.</summary>
public class OnnxSamples
{
    [Fact]
    public void SaveOnnx_FromAPipeline()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        ITransformer model = TinyTexts.Pipeline(mlContext).Fit(data);

        // sample: SaveOnnx_FromAPipeline
        mlContext.Model.SaveOnnx(model, Sample("reviews.onnx"));
        mlContext.Model.SaveOnnx(model, Sample("reviews-int8.onnx"), new OnnxOptions { Precision = OnnxPrecision.Int8 });
        // end of sample

        // sample: ApplyOnnxModel_BehindTheTokenizer
        var scoring = mlContext.Attention().TokenizeForOnnx(Sample("reviews.onnx"))                 // Text becomes input_ids and attention_mask
            .Append(mlContext.Transforms.ApplyOnnxModel(["probabilities"], ["input_ids", "attention_mask"], Sample("reviews.onnx")))
            .Fit(data);
        float[] probabilities = scoring.Transform(data).GetColumn<float[]>("probabilities").First();
        // end of sample

        // sample: OnnxRuntime_Alone
        using var session = new InferenceSession(Sample("reviews.onnx"));
        string[] labels = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["mlattention.labels"])!;
        long[] ids = [3, 1, 4, 1, 0, 0], mask = [1, 1, 1, 1, 1, 0];                         // a text of three tokens, and one of two with padding
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [2, 3]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [2, 3]);
        using var outputs = session.Run(new RunOptions(), ["input_ids", "attention_mask"], [idsValue, maskValue], ["logits"]);
        float[] logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();                 // [2, labels]
        Console.WriteLine(labels[logits.AsSpan(0, labels.Length).IndexOf(logits[..labels.Length].Max())]);
        // end of sample

        Assert.Equal(1, probabilities.Sum(), 5);
        Assert.Equal(2 * labels.Length, logits.Length);
    }

    [Fact]
    public void OnnxFile_FromATextClassifier()
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Model.SaveTextClassifier(TinyTexts.Pipeline(mlContext).Fit(mlContext.Attention().LoadCsv(Sample("reviews.csv"))), Sample("for-onnx.safetensors"));

        // sample: OnnxFile_FromATextClassifier
        OnnxFile.FromTextClassifier(Sample("for-onnx.safetensors"), Sample("for-onnx.onnx"), new OnnxOptions { Precision = OnnxPrecision.Float16 });
        // end of sample

        Assert.True(File.Exists(Sample("for-onnx.onnx")));
    }
}
