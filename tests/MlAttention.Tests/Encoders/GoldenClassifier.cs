using System.Text.RegularExpressions;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>The classifier of classifier.json and equivariance.json, with the case's weights.</summary>
internal static class GoldenClassifier
{
    private const int Rows = 12, Width = 8, MaxLength = 8, Classes = 3;

    /// <summary>As a case of classifier.json describes it.</summary>
    public static SequenceClassifier Create(GoldenCase golden) =>
        Create(golden, golden.Text("config.pos"), golden.Flag("config.norm_first"), golden.Flag("config.causal"));

    public static SequenceClassifier Create(GoldenCase golden, string positions, bool preNorm, bool causal)
    {
        var options = new SequenceModelOptions
        {
            ModelWidth = Width, Heads = 2, FeedForwardWidth = 16, Layers = 2, MaxLength = MaxLength, Dropout = 0,
            Norm = preNorm ? NormPlacement.Pre : NormPlacement.Post,
            Mask = causal ? MaskKind.Causal : MaskKind.Bidirectional,
            Positions = Enum.Parse<PositionScheme>(positions, ignoreCase: true),
        };
        // The reference has a final norm after post-norm layers too, which the options' classifier has not.
        var classifier = preNorm
            ? new SequenceClassifier(options, Rows, Classes)
            : new SequenceClassifier(new SinusoidalPositions(Width), new AttentionEncoder(options, finalNorm: true), new MeanPooling(), Rows, Classes);
        ModuleWeights.Set(classifier, golden.Weights("params", Rename));
        return classifier;
    }

    public static string Rename(string name) => Regex.Replace(name, "^(emb|pemb|layers|norm)\\.", match => match.Groups[1].Value switch
    {
        "emb" => "embedding.",
        "pemb" => "positions.",
        var part => $"encoder.{part}.",
    });

    public static (Tensor Tokens, Tensor Mask) Batch(GoldenCase golden)
    {
        var tokens = golden.Tensor("ids", ScalarType.Int64);
        return (tokens, tokens.ne(0));
    }

    /// <summary>The mean cross entropy of the case's labels.</summary>
    public static Tensor Loss(GoldenCase golden, Tensor logits) =>
        nn.functional.cross_entropy(logits, tensor(golden.Integers("labels")).to(ScalarType.Int64));
}
