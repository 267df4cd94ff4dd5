using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Torch.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Engines;

/// <summary>Teacher forcing: the loss of pairs that the engine trains on, and what it leaves out.</summary>
public sealed class PairModelTests
{
    private static readonly PairTokens _tokens = new(SourceVocabulary: 5, TargetVocabulary: 4);
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 3, Layers = 2, FeedForwardWidth = 7, MaxLength = 9, Dropout = 0 };

    public static TheoryData<PositionScheme, NormPlacement> Architectures
    {
        get
        {
            var architectures = new TheoryData<PositionScheme, NormPlacement>();
            foreach (var scheme in Enum.GetValues<PositionScheme>())
                foreach (var norm in Enum.GetValues<NormPlacement>()) architectures.Add(scheme, norm);
            return architectures;
        }
    }

    [Fact]
    public void Losses_Batch_AreTheCrossEntropiesOfTeacherForcing()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        using var module = model.Module;
        var batch = Batch();

        var losses = Losses(model, batch);

        // source 1 2 3 -> target 1 2, and source 4 -> target 3 (unknown): the last of which has no label where the unknown token stands.
        var forced = (SequenceToSequence)module;
        var first = Forced(forced, [1, 2, 3], [_tokens.Start, 1, 2], [(0, 0), (1, 1), (2, _tokens.End)]);
        var second = Forced(forced, [4], [_tokens.Start, 3, _tokens.TargetVocabulary + 1], [(0, 2), (2, _tokens.End)]);
        LayerChecks.AssertClose([first, second], losses);
    }

    [Fact]
    public void Losses_RowAloneOrPaddedInABatch_AreTheSame()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        using var module = model.Module;
        var dataset = Pairs();
        var builder = new BatchBuilder(dataset, PairTokens.Joint(_options, _options), []);
        double[] alone = [.. Enumerable.Range(0, dataset.Count).Select(row => Losses(model, builder.Build([row])).item<float>())];

        LayerChecks.AssertClose(alone, Losses(model, builder.Build([0, 1, 2])));
    }

    [Fact]
    public void Losses_Gradients_AgreeWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        using var module = model.Module;
        module.to(ScalarType.Float64);
        var batch = Batch();

        GradientCheck.Run(() => TorchLoss.Of(TaskKind.TokenLabels, model.Logits(batch, CPU), batch, smoothing: 0.1), [.. module.parameters()]);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Layout_EveryArchitecture_IsThatOfTheModule(PositionScheme scheme, NormPlacement norm)
    {
        using var scope = NewDisposeScope();
        var (encoder, decoder) = (_options with { Positions = scheme, Norm = norm }, _options with { Positions = scheme, Norm = norm, Layers = 1, FeedForwardWidth = 11 });
        using var module = new SequenceToSequence(encoder, decoder, 5, 4);

        var layout = EncoderDecoderLayout.Of(encoder, decoder, 5, 4);

        Assert.Equal(module.named_parameters().Select(weight => $"{weight.name} [{string.Join(',', weight.parameter.shape)}]").Order(StringComparer.Ordinal), layout.Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order(StringComparer.Ordinal));
        Assert.All(layout, weight => Assert.Equal(weight.Name.StartsWith("head.", StringComparison.Ordinal), weight.IsHead));
    }

    [Fact]
    public void Name_DecoderOfItsOwn_IsTold()
    {
        using var scope = NewDisposeScope();
        var (same, other) = (Model(), PairModel.Create(_options, _options with { Positions = PositionScheme.None }, _tokens, CPU));
        using var modules = nn.ModuleList(same.Module, other.Module);

        Assert.Equal("TorchSharp, encoder-decoder", same.Name);
        Assert.Equal("TorchSharp, encoder-decoder whose decoder has Positions = None", other.Name);
    }

    private static TorchModel Model()
    {
        var model = PairModel.Create(_options, _options, _tokens, CPU);
        ((SequenceToSequence)model.Module).Evaluating();
        return model;
    }

    private static TokenDataset Pairs()
    {
        var pairs = new PairDatasetBuilder(_tokens, _options, _options);
        pairs.Add([1, 2, 3], [1, 2]);
        pairs.Add([4], [3, 0]);
        pairs.Add([], []);
        return pairs.Build();
    }

    private static TokenBatch Batch() => new BatchBuilder(Pairs(), PairTokens.Joint(_options, _options), []).Build([0, 1]);

    private static Tensor Losses(TorchModel model, TokenBatch batch) => TorchLoss.Of(TaskKind.TokenLabels, model.Logits(batch, CPU), batch, smoothing: 0);

    /// <summary>- log p of the classes at some places.</summary>
    private static double Forced(SequenceToSequence model, long[] source, long[] target, (int Place, int Class)[] labels)
    {
        var logits = model.call(tensor(source).unsqueeze(0), ones(1, source.Length, ScalarType.Bool), tensor(target).unsqueeze(0))[0];
        return -labels.Sum(label => (double)nn.functional.log_softmax(logits, 1)[label.Place][label.Class].item<float>());
    }
}
