using Microsoft.ML;
using MlAttention.Classification;
using MlAttention.Core.Weights;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>States that were changed by someone who can repair the checksums.</summary>
public class HostileStateTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<PipelineCase> Cases => PipelineCase.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Open_MutatedState_ThrowsInvalidDataOrWorks(PipelineCase pipelineCase)
    {
        var model = FittedPipelines.Of(pipelineCase).Model;
        var data = TinyTexts.Data(_ml, 5);
        var transformer = (model as IEnumerable<ITransformer>)?.OfType<SequenceTransformer>().Last() ?? (SequenceTransformer)model;
        var input = model is IEnumerable<ITransformer> chain ? chain.SkipLast(1).Aggregate(data, (view, part) => part.Transform(view)) : data;
        var state = transformer.ToState().ToBytes();
        var random = new Random(pipelineCase.Name.Length);
        var refused = 0;
        for (var trial = 0; trial < Mutation.Trials(40); trial++)
        {
            var damaged = Mutation.Of(state, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Use(ComponentRegistry.Open(damaged), input);
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
        }

        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData("MaxLength", 13, 2_000_000_000)]
    [InlineData("Layers", 1, 2_000_000_000)]
    [InlineData("Layers", 1, 2)]
    [InlineData("FeedForwardWidth", 11, 2_000_000_000)]
    [InlineData("WindowRadius", 16, 2_000_000_000)]
    [InlineData("RandomFeatures", 256, 2_000_000_000)]
    [InlineData("BlockSize", 256, 0)]
    [InlineData("ModelWidth", 8, 2_000_000_000)]
    [InlineData("Heads", 2, 0)]
    [InlineData("ClipDistance", 16, 2_000_000_000)]
    public void Open_ImpossibleSizes_AreRefused(string option, int value, int claimed)
    {
        var model = FittedPipelines.Of(PipelineCase.All.Single(pipelineCase => pipelineCase.Name == "Classifier")).Model;
        var classifier = ((IEnumerable<ITransformer>)model).OfType<AttentionClassifierTransformer>().Single();

        var state = ReplaceInArchitecture(classifier.ToState().ToBytes(), $"\"{option}\":{value}", $"\"{option}\":{claimed}");

        Assert.Throws<InvalidDataException>(() => ComponentRegistry.Open(state));
    }

    [Theory]
    [InlineData(EncoderKind.Lstm, ScoreFunction.ScaledDotProduct, "encoder.layers.0.backward.weight_hh_l0", "[16,4]")]
    [InlineData(EncoderKind.Gru, ScoreFunction.ScaledDotProduct, "encoder.layers.0.forward.bias_ih_l0", "[12]")]
    [InlineData(EncoderKind.Cnn, ScoreFunction.ScaledDotProduct, "encoder.layers.0.weight", "[8,8,3]")]
    [InlineData(EncoderKind.Attention, ScoreFunction.Additive, "encoder.layers.0.self_attn.score.value.weight", "[1,4]")]
    [InlineData(EncoderKind.Attention, ScoreFunction.Dot, "encoder.layers.0.linear1.bias", "[11]")]
    public void Open_WeightOfAnotherShape_NamesItWithBothShapes(EncoderKind encoder, ScoreFunction score, string name, string shape)
    {
        var architecture = (SequenceModelOptions)TinyTexts.Classifier with { Encoder = encoder, Score = score, Positions = PositionScheme.None };
        var weights = WeightInitializer.Create(WeightLayout.Of(architecture, 7, 3), seed: 1);
        Assert.Equal(shape, $"[{string.Join(',', weights.Single(weight => weight.Name == name).Shape)}]");

        string Refused(IEnumerable<WeightTensor> changed) => Assert.Throws<InvalidDataException>(() => Open([.. changed])).Message;

        Assert.Equal(3, Open(weights).Model.ClassCount);
        Assert.Contains($"'{name}' has shape [5]; the sizes in the file need {shape}", Refused(weights.Select(weight => weight.Name == name ? new WeightTensor(name, [5], new float[5]) : weight)), StringComparison.Ordinal);
        Assert.Contains($"lacks the weight '{name}' {shape}", Refused(weights.Where(weight => weight.Name != name)), StringComparison.Ordinal);
        Assert.Contains("has the weight 'surplus'", Refused(weights.Append(new WeightTensor("surplus", [1], [0]))), StringComparison.Ordinal);

        AttentionClassifierTransformer Open(IReadOnlyList<WeightTensor> given)
        {
            var model = new AttentionClassifierModel(architecture, new FittedVocabulary(5, null), 3, given);
            var transformer = new AttentionClassifierTransformer(null, new ClassifierSettings("Tokens", "PredictedLabel", "Score"), model);
            return (AttentionClassifierTransformer)ComponentRegistry.Open(transformer.ToState().ToBytes());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Open_OtherNumberOfLabelValues_IsRefused(int count)
    {
        var classifier = ((IEnumerable<ITransformer>)FittedPipelines.Of(PipelineCase.All.Single(pipelineCase => pipelineCase.Name == "Classifier")).Model).OfType<AttentionClassifierTransformer>().Single();
        var labels = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(label => new TinyTexts.Row { Label = $"label {label}" }));
        var values = KeyValues.OfLabel(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(labels).Transform(labels).Schema["Label"]);
        var state = new AttentionClassifierTransformer(null, classifier.Settings, classifier.Model.WithLabels(values)).ToState();

        var error = Assert.Throws<InvalidDataException>(() => ComponentRegistry.Open(state.ToBytes()));

        Assert.Equal($"The model has {count} label values; its sizes need 3.", error.Message);
    }

    /// <summary>A changed column name or vocabulary gives an error of the schema, huge weights one of the numbers, as for any model.</summary>
    private static void Use(SequenceTransformer transformer, IDataView input)
    {
        try
        {
            transformer.Transform(input).Preview(maxRows: 2);
        }
        catch (ArgumentException exception) when (new[] { "Schema mismatch", "Could not find", "NaN value" }.Any(part => exception.Message.Contains(part, StringComparison.Ordinal)))
        {
            return;
        }
    }

    /// <summary>The state with another architecture, a JSON text of its metadata.</summary>
    private static byte[] ReplaceInArchitecture(byte[] state, string old, string replacement)
    {
        var weights = SafetensorsFile.Read(state, "state", out var metadata);
        Assert.Contains(old, metadata["architecture"], StringComparison.Ordinal);
        return SafetensorsFile.ToBytes(weights, new Dictionary<string, string>(metadata) { ["architecture"] = metadata["architecture"].Replace(old, replacement, StringComparison.Ordinal) });
    }
}
