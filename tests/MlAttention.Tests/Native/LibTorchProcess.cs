using Microsoft.ML;
using MlAttention.Tests.Pipeline;
using MlAttention.Torch.Engine;
using TorchSharp;

namespace MlAttention.Tests.Native;

/// <summary>A process that says what it can do with the libtorch that it finds, one line for each entry point: "ok" or the error.</summary>
internal static class LibTorchProcess
{
    public static void Run()
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, 13);
        var attention = ml.Attention();
        var tokens = attention.TokenizeSequence("Tokens", "Text");
        var vectors = tokens.Append(attention.EmbedTokens("Embeddings", "Tokens"));
        var labelled = TinyTexts.Preparation(ml);
        var classifier = attention.Classifier(TinyTexts.Classifier);

        Say("product", () => MatrixProduct());
        Say("engine", () => labelled.Append(attention.Classifier(TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Compute = new() { Engine = EngineKind.TorchSharp, Threads = 1 } } })).Fit(data));
        Say("SelfAttention", () => vectors.Append(attention.SelfAttention("Attended", "Embeddings")).Fit(data));
        Say("AttentionWeights", () =>
        {
            var prepared = labelled.Fit(data).Transform(data);
            attention.AttentionWeights(classifier.Fit(prepared), "Weights", "Tokens").Fit(prepared);
        });
        foreach (var positions in new[] { PositionScheme.None, PositionScheme.Sinusoidal, PositionScheme.Learned })
        {
            foreach (var pooling in Enum.GetValues<PoolingKind>())
            {
                Say($"{positions} {pooling}", () => Snapshot.Of(vectors
                    .Append(attention.AddPositions(new AddPositionsOptions { Positions = positions }))
                    .Append(attention.PoolSequence(new PoolSequenceOptions { InputColumnName = "Positioned", Pooling = pooling }))
                    .Fit(data).Transform(data), "Features"));
            }
        }
    }

    private static void MatrixProduct()
    {
        LibTorch.Require("The product");
        using var scope = torch.NewDisposeScope();
        var product = torch.eye(300).matmul(torch.ones(300, 7)).sum().item<float>();
        if (product != 2100) throw new InvalidOperationException($"The product is {product}.");
    }

    private static void Say(string what, Action act)
    {
        try
        {
            act();
            Console.WriteLine($"{what}: ok");
        }
        catch (Exception error)
        {
            Console.WriteLine($"{what}: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");
        }
    }
}
