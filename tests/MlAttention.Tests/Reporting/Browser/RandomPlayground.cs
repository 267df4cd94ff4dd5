using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Report;
using MlAttention.Core.Engines;
using MlAttention.Core.Objectives;
using MlAttention.Core.Managed;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;
using MlAttention.Core.Text;
using MlAttention.Tests.Ablation;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>Models with random weights in a report, and what pipeline and managed engine make of texts.</summary>
internal static class RandomPlayground
{
    /// <summary>Texts that a splitter could read in another way, and words that are markup.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "The dog bit the man.", "the man bit the dog", "", "  ", "Don't pay 3,141.59 or -7 (-8) a-9, l'eau 1.2.3 e.g. x.y", "<b>bold</b> & \"quoted\" </script><script>alert(1)</script>",
        "na\u00efve NAI\u0308VE caf\u00e9 \u0130stanbul \u03a3\u03a3 stra\u00dfe \u1e9e \u212a", "we\u2019re \u2018quoted\u2019 \u201clike this\u201d", "\u6771\u4eac\u306f\u30ab\u30bf\u30ab\u30ca \ud842\udfb7",
        "thumbs \ud83d\udc4d\ud83c\udffd family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 flag \ud83c\udde9\ud83c\uddea 5\u20e3", "soft\u00adhyphen zero\u200bwidth r\u200dl \u200f", "snake_case x\u00b2 \u2162 \u0661\u0662 \u221212 \u00a012", "\ud800 lone \udc00",
        "tab\tnew\nline\u0085next\u2028sep", "a . b , c ' d '' e'' 'f", "one two three four five six seven eight nine ten eleven twelve", "\u202eright to left\u202c \ue000 private",
    ];

    private static readonly string[] s_vocabulary = [.. Texts.Take(12).SelectMany(Words).Distinct().Where((_, index) => index % 7 != 3)];

    private static readonly SequenceModelOptions s_small = new() { ModelWidth = 12, Heads = 3, Layers = 2, FeedForwardWidth = 10, MaxLength = 9, LayerNormEpsilon = 0.1 };

    public static IReadOnlyDictionary<string, SequenceModelOptions> Models { get; } = new Dictionary<string, SequenceModelOptions>
    {
        ["usual"] = s_small with { MaxLength = 40, LayerNormEpsilon = 1e-5 },
        ["CLS, post-norm, causal"] = s_small with { Pooling = PoolingKind.Cls, Norm = NormPlacement.Post, Mask = MaskKind.Causal, Activation = ActivationKind.Relu, Truncation = TruncationSide.KeepEnd },
        ["max, window, temperature"] = s_small with { Pooling = PoolingKind.Max, Mask = MaskKind.LocalWindow, WindowRadius = 2, Activation = ActivationKind.GeluTanh, Head = HeadKind.Tanh, Temperature = 0.5 },
        ["attention pooling, other details"] = s_small with
        {
            Pooling = PoolingKind.Attention, Mask = MaskKind.CausalLocalWindow, WindowRadius = 3, Head = HeadKind.Relu, ScaleEmbeddings = false, Algorithm = AttentionAlgorithm.LocalWindow,
            PositionDetails = new() { SinusoidalInterleaved = false, SinusoidalBase = 50, RotaryInterleaved = false, RotaryBase = 50, RotaryPositionScale = 2, LearnedOffset = 2, LearnedRows = 13, ClipDistance = 2, Buckets = 6, MaxDistance = 5 },
        },
        ["last, symmetric"] = s_small with { Pooling = PoolingKind.Last, Heads = 2, PositionDetails = new() { AlibiOneSided = false } },
        ["first, not scaled"] = s_small with { Pooling = PoolingKind.First, Score = ScoreFunction.Dot, Algorithm = AttentionAlgorithm.Chunked },
    };

    /// <summary>A report whose page has models of every scheme, none first, with random weights.</summary>
    public static OrderingAblationReport Report(SequenceModelOptions model)
    {
        var schemes = Enum.GetValues<PositionScheme>().Where(scheme => model.Score != ScoreFunction.Dot || scheme != PositionScheme.ShawRelative).ToArray();
        var plan = FakeAblation.Plan with { Model = model, Positions = schemes, Masks = [model.Mask] };
        var report = FakeAblation.Report();
        return report with
        {
            Plan = plan,
            Playground = new(1, s_vocabulary, [.. schemes.Select(scheme => new AblationVariant(scheme, model.Mask)).Select(variant =>
                new PlaygroundModel(variant, HalfWeights.Of(Layout(plan, variant), [.. Layout(plan, variant).Select(Random)])!))]),
        };
    }

    private static IReadOnlyList<WeightShape> Layout(AblationPlan plan, AblationVariant variant) => PlaygroundLimits.Layout(plan.ModelOf(variant.Setup), s_vocabulary.Length, 3);

    /// <summary>Large enough that every part of a model changes its answers.</summary>
    private static WeightTensor Random(WeightShape shape)
    {
        var random = Xoshiro256.For(7, shape.Name);
        bool isGain = shape.Name.Contains("norm", StringComparison.Ordinal) && shape.Name.EndsWith("weight", StringComparison.Ordinal);
        double scale = isGain ? 0.3 : shape.Shape.Length == 2 && shape.Decays ? 1.5 / Math.Sqrt(shape.Shape[1]) : 0.7;
        return new(shape.Name, shape.Shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (float)((isGain ? 1 : 0) + random.NextNormal() * scale))]);
    }

    /// <summary>The keys that the pipeline gives a text, cut as the model cuts them, and the words that they stand for.</summary>
    public static (int[] Keys, string[] Words) Pipeline(string text, SequenceModelOptions model)
    {
        var ml = new MLContext(seed: 1);
        using var folder = new TemporaryFolder();
        string vocabulary = folder.Write("vocabulary.txt", string.Join('\n', s_vocabulary));
        var data = ml.Data.LoadFromEnumerable(new[] { new { Text = text } });
        var pipeline = ml.Attention().TokenizeSequence(new TokenizeSequenceOptions { VocabularyPath = vocabulary }).Fit(data);
        int[] keys = [.. pipeline.Transform(data).GetColumn<uint[]>("Tokens").Single().Select(key => (int)key)];
        return ([.. model.Truncation.Keep<int>(keys, model.MaxTextTokens)], [.. model.Truncation.Keep<string>(Words(text), model.MaxTextTokens)]);
    }

    private static string[] Words(string text)
    {
        var options = new TokenizeSequenceOptions();
        string normalized = new TextNormalizer(options.UnicodeForm, options.LowerCase).Normalize(text).ToString();
        return [.. new WordSplitter(options.KeepPunctuation).Split(normalized).ToArray().Select(word => normalized.Substring(word.Start, word.Length))];
    }

    /// <summary>The probabilities of the managed engine with weights of 16 bits.</summary>
    public static float[] Engine(OrderingAblationReport report, PlaygroundModel trained, int[] keys)
    {
        var model = report.Plan.ModelOf(trained.Variant.Setup);
        var configuration = new EngineConfiguration(model, TokenIds.EmbeddingRows(s_vocabulary.Length, model), 3);
        WeightTensor[] weights = [.. Layout(report.Plan, trained.Variant).Select(Random).Select(weight => weight with { Values = [.. weight.Values.Select(value => (float)(Half)value)] })];
        int[] sequence = new TokenMapper(model, s_vocabulary.Length).FromKeys(keys);
        float[] logits = new float[3];
        new ManagedEngineProvider().CreateScorer(configuration, weights).Score(new() { Rows = 1, Length = Math.Max(1, sequence.Length), Tokens = sequence.Length == 0 ? [0] : sequence, Lengths = [sequence.Length] }, logits);
        Softmax.InPlace(logits);
        return logits;
    }
}
