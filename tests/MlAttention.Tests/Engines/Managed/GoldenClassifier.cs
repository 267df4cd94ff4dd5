using System.Text.Json;
using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>A case of classifier.json in the terms of an engine: configuration, weights, batch and what must come out.</summary>
internal sealed class GoldenClassifier
{
    private readonly JsonElement _case;

    private GoldenClassifier(JsonElement element) => _case = element;

    public string Name => _case.GetProperty("name").GetString()!;

    /// <summary>The file's post-norm cases have a final norm, which the model has with pre norm only.</summary>
    public bool IsOurs => Config("norm_first").GetBoolean();

    public static IEnumerable<GoldenClassifier> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "classifier.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(element => new GoldenClassifier(element.Clone())).Where(golden => golden.IsOurs)];
    }

    public static GoldenClassifier Of(string name) => All().Single(golden => golden.Name == name);

    public EngineConfiguration Configuration(TrainingOptions training) => training.Configure(
        new SequenceModelOptions
        {
            ModelWidth = Config("E").GetInt32(),
            Heads = Config("H").GetInt32(),
            FeedForwardWidth = Config("FF").GetInt32(),
            Layers = Config("layers").GetInt32(),
            LayerNormEpsilon = Config("eps").GetDouble(),
            Activation = Enum.Parse<ActivationKind>(Config("activation").GetString()!, ignoreCase: true),
            Norm = NormPlacement.Pre,
            Positions = Enum.Parse<PositionScheme>(Config("pos").GetString()!, ignoreCase: true),
            Mask = Config("causal").GetBoolean() ? MaskKind.Causal : MaskKind.Bidirectional,
            Pooling = PoolingKind.Mean,
            Dropout = 0,
            MaxLength = MaxLength,
        },
        Config("V").GetInt32(), Config("classes").GetInt32());

    public IReadOnlyList<WeightTensor> Weights => Tensors("params");

    public IReadOnlyList<WeightTensor> Gradients => Tensors("grads");

    public double[] Logits => Numbers(_case.GetProperty("logits").GetProperty("data"));

    public double Loss => _case.GetProperty("loss").GetDouble();

    /// <summary>The losses before each of five steps and after the last.</summary>
    public double[] Losses(string optimizer) => Numbers(_case.GetProperty("after").GetProperty(optimizer).GetProperty("loss_before_each_step_and_final"));

    public TokenBatch Batch()
    {
        int[] tokens = [.. Numbers(_case.GetProperty("ids").GetProperty("data")).Select(token => (int)token)];
        int length = _case.GetProperty("ids").GetProperty("shape")[1].GetInt32(), rows = tokens.Length / length;
        return new TokenBatch
        {
            Rows = rows,
            Length = length,
            Tokens = tokens,
            Lengths = [.. tokens.Chunk(length).Select(row => row.Count(token => token != 0))],
            Labels = [.. Numbers(_case.GetProperty("labels")).Select(label => (int)label)],
        };
    }

    private int MaxLength => _case.GetProperty("params").TryGetProperty("pemb.weight", out var positions) ? positions.GetProperty("shape")[0].GetInt32() : 16;

    private JsonElement Config(string name) => _case.GetProperty("config").GetProperty(name);

    private IReadOnlyList<WeightTensor> Tensors(string part) =>
        [.. _case.GetProperty(part).EnumerateObject().Select(tensor => new WeightTensor(
            OurName(tensor.Name),
            [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
            [.. Numbers(tensor.Value.GetProperty("data")).Select(value => (float)value)]))];

    private static string OurName(string name) => name switch
    {
        "emb.weight" => "embedding.weight",
        "pemb.weight" => "positions.weight",
        _ when name.StartsWith("layers.", StringComparison.Ordinal) || name.StartsWith("norm.", StringComparison.Ordinal) => "encoder." + name,
        _ => name,
    };

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
