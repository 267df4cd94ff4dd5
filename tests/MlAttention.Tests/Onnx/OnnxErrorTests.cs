using Microsoft.ML;
using MlAttention.Core.Engines;
using MlAttention.Core.Serving;
using MlAttention.Onnx.Files;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Onnx;

/// <summary>What cannot be written or read is one error that names it, and leaves no file behind.</summary>
public sealed class OnnxErrorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, SequenceModelOptions> NotCovered => new()
    {
        { "Lstm", TinyTexts.Classifier with { Encoder = EncoderKind.Lstm } },
        { "Additive score", TinyTexts.Classifier with { Score = ScoreFunction.Additive } },
        { "Performer attention", TinyTexts.Classifier with { Algorithm = AttentionAlgorithm.Performer } },
    };

    [Theory, MemberData(nameof(NotCovered))]
    public void SaveOnnx_WhatTheManagedEngineDoesNotCover_NamesIt(string named, SequenceModelOptions architecture)
    {
        var parts = Parts() with { Architecture = architecture };

        var error = Assert.Throws<NotSupportedException>(() => OnnxModelFile.Write(_folder.File("model.onnx"), parts, null));

        Assert.StartsWith("The model cannot become ONNX", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void SaveOnnx_PipelineWithAnotherPart_NamesIt()
    {
        var model = _ml.Transforms.CopyColumns("Other", "Text").Append(TinyTexts.Pipeline(_ml)).Fit(TinyTexts.Data(_ml, 29));

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.SaveOnnx(model, _folder.File("model.onnx")));

        Assert.Equal("The model cannot become an ONNX file: it has a ColumnCopyingTransformer, which would be left out.", error.Message);
    }

    [Fact]
    public void SaveOnnx_Float16OfALargerValue_NamesTheWeight()
    {
        var parts = Parts();
        parts = parts with { Weights = [.. parts.Weights.Select(weight => weight.Name == "head.bias" ? weight with { Values = [1, 70_000, 2] } : weight)] };

        var error = Assert.Throws<NotSupportedException>(() => OnnxModelFile.Write(_folder.File("model.onnx"), parts, new OnnxOptions { Precision = OnnxPrecision.Float16 }));

        Assert.Equal("head.bias has the value 70000, and float16 ends at 65504. Use Precision = Float32.", error.Message);
    }

    [Fact]
    public void SaveOnnx_UnknownPrecision_SaysSo() =>
        Assert.Contains("Precision = 7", Assert.Throws<ArgumentException>(() => OnnxModelFile.Write(_folder.File("model.onnx"), Parts(), new OnnxOptions { Precision = (OnnxPrecision)7 })).Message, StringComparison.Ordinal);

    [Fact]
    public void FromTextClassifier_Damaged_NamesTheFile()
    {
        string path = _folder.Write("model.safetensors", "no safetensors");

        var error = Assert.Throws<InvalidDataException>(() => OnnxFile.FromTextClassifier(path, _folder.File("model.onnx")));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(["model.safetensors"], _folder.FileNames);
    }

    [Fact]
    public void FromTextClassifier_WeightsOfAnotherArchitecture_NameTheFile()
    {
        string path = _folder.File("model.safetensors");
        TextClassifierFile.Write(path, Parts() with { Weights = Parts().Weights.Skip(1).ToArray() });

        var error = Assert.Throws<InvalidDataException>(() => OnnxFile.FromTextClassifier(path, _folder.File("model.onnx")));

        Assert.StartsWith($"{path}: 'embedding.weight' is missing.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokenizeForOnnx_AnyByteCutOrChanged_IsTheModelOrOneError()
    {
        string path = _folder.File("model.onnx");
        OnnxModelFile.Write(path, Parts(), null);
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. whole];
            if (round % 2 == 0) damaged = damaged[..random.Next(damaged.Length)];
            else damaged[^random.Next(1, damaged.Length / 2)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            var error = Record.Exception(() => _ml.Attention().TokenizeForOnnx(path));
            Assert.True(error is null or InvalidDataException, $"round {round}: {error}");
            if (error is not null) Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TokenizeForOnnx_NoFile_SaysSo() => Assert.StartsWith("none.onnx: there is no such file", Assert.Throws<FileNotFoundException>(() => _ml.Attention().TokenizeForOnnx("none.onnx")).Message, StringComparison.Ordinal);

    [Fact]
    public void TokenizeForOnnx_OthersModel_SaysHowToWriteOne()
    {
        File.WriteAllBytes(_folder.File("empty.onnx"), []);
        Assert.Contains("is no ONNX file of a text classifier", Assert.Throws<InvalidDataException>(() => _ml.Attention().TokenizeForOnnx(_folder.File("empty.onnx"))).Message, StringComparison.Ordinal);
    }

    private static TextClassifierParts Parts()
    {
        string[] vocabulary = ["bark", "purr", "hoot", "naps"];
        var architecture = TinyTexts.Classifier.AsArchitecture();
        using var engine = new Core.Managed.ManagedEngineProvider().CreateEngine(new EngineConfiguration(architecture, vocabulary.Length + 2, 3));
        return new() { Tokenizer = new(), Vocabulary = vocabulary, Architecture = architecture, Labels = ["dog", "cat", "owl"], Weights = engine.GetWeights() };
    }
}
