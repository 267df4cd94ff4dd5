using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>The head over the embedding's own rows, by hand; what both engines make of it is compared in EngineAgreementTests.</summary>
public sealed class TiedHeadTests
{
    private static readonly float[,] Embedding = { { 9, 9 }, { 1, 2 }, { -1, 3 }, { 9, 9 } };      // padding, two tokens, unknown

    private static readonly SequenceModelOptions Options = new()
    {
        ModelWidth = 2, Heads = 1, Task = TaskKind.MaskedTokens, Head = HeadKind.Tied, Activation = ActivationKind.Relu, LayerNormEpsilon = 1e-9,
    };

    /// <summary>1·2 + 2·1 + 0.5 and -1·2 + 3·1 - 1; padding and the unknown token have no logit.</summary>
    [Fact, HandSolved(typeof(TiedHead))]
    public void Forward_TwoTokens_IsTheirRowsProductWithTheVector() => Assert.Equal([4.5f, 0], Run(Options, ("bias", [0.5f, -1])));

    /// <summary>relu(x + [1,-4]) = [3,0], normed [1,-1], times [2,3] plus [0,1]: [2,-2]. Its products with the rows: 2 - 4 + 0.5, -2 - 6 - 1.</summary>
    [Fact]
    public void Forward_HiddenLayer_IsActivatedAndNormedFirst()
    {
        float[] logits = Run(Options with { Head = HeadKind.TiedTransform },
            ("bias", [0.5f, -1]), ("dense.weight", [1, 0, 0, 1]), ("dense.bias", [1, -4]), ("norm.weight", [2, 3]), ("norm.bias", [0, 1]));
        Assert.Equal([-1.5f, -9], logits.Select(value => MathF.Round(value, 5)));
    }

    [Fact]
    public void Forward_EmbeddingOfAnotherVocabulary_NamesTheShape()
    {
        using var scope = NewDisposeScope();
        var head = new TiedHead(Options, 5);
        Assert.Contains("embedding must have shape [V + 2,D]=[7,2]; got [4,2].", Assert.Throws<ArgumentException>(() => head.call(ones(1, 2), tensor(Embedding))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classifier_ClassesThatAreNotTheVocabulary_AreRefused() =>
        Assert.Contains("got 20 classes", Assert.Throws<ArgumentException>(() => new SequenceClassifier(Options, embeddingCount: 23, classCount: 20)).Message, StringComparison.OrdinalIgnoreCase);

    private static float[] Run(SequenceModelOptions options, params (string Name, float[] Values)[] weights)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var head = new TiedHead(options, 2);
        Assert.Equal(weights.Length, head.named_parameters().Count());
        foreach (var (name, parameter) in head.named_parameters()) parameter.copy_(tensor(weights.Single(weight => weight.Name == name).Values).reshape(parameter.shape));
        return head.call(tensor(new float[,] { { 2, 1 } }), tensor(Embedding)).data<float>().ToArray();
    }
}
