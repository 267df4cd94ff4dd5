using MlAttention.Classification;
using MlAttention.Core.Explanations;

namespace MlAttention;

/// <summary>What each token of a sequence contributes to a class of a trained classifier.</summary>
public sealed record TokenContributionsOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "Contributions", by integrated gradients, for the most probable class.</summary>
    /// <param name="model">The trained classifier.</param>
    public TokenContributionsOptions(AttentionClassifierModel model) : base(ContributionsLayer.Component, "Contributions", "Tokens") =>
        Model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    /// <summary>How a contribution is measured.</summary>
    /// <value>Default <see cref="ExplanationMethod.IntegratedGradients"/>.</value>
    public ExplanationMethod Method { get; init; }

    /// <summary>The class whose log-odds are explained, by its name.</summary>
    /// <value>Default null: of each row the most probable class.</value>
    public string? Label { get; init; }

    /// <summary>What stands for a token that is not there, and how exactly is integrated.</summary>
    public ExplanationOptions Explanation { get; init; } = new();

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => ContributionsLayer.Type;

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        Model.Vocabulary.Check(input);
        return new ContributionsLayer(Model, Method, Label is null ? ContributionsLayer.Predicted : ClassOf(Label), Explanation);
    }

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(!Model.Architecture.Task.IsPerToken, nameof(Model), Model.Architecture.Task, "is the task of a model that labels each token, and contributions explain one answer for a text");
        errors.Require(Enum.IsDefined(Method), nameof(Method), Method, "is not a method");
        errors.Require(Label is null || ClassOf(Label) >= 0, nameof(Label), Label, Model.Labels is { } labels ? $"is no class of the model; its classes are {SafetensorsReader.List(labels.Formatted)}" : "cannot be found: the classes of the model have no names");
        Explanation.Validate(errors);
    }

    private int ClassOf(string label) => Model.Labels is { } labels ? labels.Formatted.ToList().IndexOf(label) : -1;
}

/// <summary>The contributions [L] of a row's tokens, in nats of log-odds.</summary>
/// <param name="model">The classifier.</param>
/// <param name="method">How they are measured.</param>
/// <param name="target">The class, or <see cref="Predicted"/>.</param>
/// <param name="options">The measurement's details.</param>
internal sealed class ContributionsLayer(AttentionClassifierModel model, ExplanationMethod method, int target, ExplanationOptions options) : ModelLayer(Component, model)
{
    public const string Component = "TokenContributions";

    /// <summary>Stands for the most probable class of a row.</summary>
    public const int Predicted = -1;

    private readonly Lazy<TokenExplainer> _explainer = new(() => new TokenExplainer(model.Scorer, model.Configuration, model.Vocabulary.Values?.Formatted, options));

    public static VectorDataViewType Type { get; } = new(NumberDataViewType.Single);

    public override DataViewType OutputType => Type;

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(Model, _explainer, method, target, inputName, batchSize);

    public override void Write(ComponentState state)
    {
        base.Write(state);
        state.Add("method", method.ToString());
        state.Add("class", target);
        state.Add("explanation", options, LayerJson.Default.ExplanationOptions);
    }

    public static ContributionsLayer Read(ComponentState state)
    {
        var model = ModelState.Read(state);
        var target = state.TakeInt32("class");
        if (target < Predicted || target >= model.ClassCount) throw new InvalidDataException($"The model explains class {target}, and has {model.ClassCount}.");
        return new ContributionsLayer(model, state.TakeEnum<ExplanationMethod>("method"), target, state.TakeOptions("explanation", LayerJson.Default.ExplanationOptions, options => options.Validate()));
    }

    private sealed class Mapper(AttentionClassifierModel model, Lazy<TokenExplainer> explainer, ExplanationMethod method, int target, string inputName, int batchSize) : ModelMapper(model, inputName, batchSize)
    {
        private readonly float[][] _contributions = new float[batchSize][];
        private readonly int[][] _keys = new int[batchSize][];

        protected override void Keep(int slot, ReadOnlySpan<int> keys) => _keys[slot] = keys.ToArray();

        public override void Run(int count)
        {
            var logits = new float[count * Model.ClassCount];
            if (target == Predicted) Model.Scorer.Score(Build(count), logits);
            for (var row = 0; row < count; row++)
            {
                var explained = target == Predicted ? Softmax.IndexOfLargest(logits.AsSpan(row * Model.ClassCount, Model.ClassCount)) : target;
                _contributions[row] = explainer.Value.OfKeys(explainer.Value.Contributions(method, Tokens(row).ToArray(), explained), _keys[row]);
            }
        }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => destination.Set<float>(_contributions[slot.Fetchable()]));
    }
}
