using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Report;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;
using MlAttention.Core.Text;
using MlAttention.Tests.Ablation;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Reporting;

/// <summary>The page's own words, models and controls, in a real browser. Skipped where no Chromium is installed.</summary>
public class PlaygroundTests
{
    private const double Tolerance = 1e-5;

    /// <summary>Texts that a splitter could read in another way, and words that are markup.</summary>
    private static readonly string[] s_texts =
    [
        "The dog bit the man.", "the man bit the dog", "", "  ", "Don't pay 3,141.59 or -7 (-8) a-9, l'eau 1.2.3 e.g. x.y", "<b>bold</b> & \"quoted\" </script><script>alert(1)</script>",
        "na\u00efve NAI\u0308VE caf\u00e9 \u0130stanbul \u03a3\u03a3 stra\u00dfe \u1e9e \u212a", "we\u2019re \u2018quoted\u2019 \u201clike this\u201d", "\u6771\u4eac\u306f\u30ab\u30bf\u30ab\u30ca \ud842\udfb7",
        "thumbs \ud83d\udc4d\ud83c\udffd family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 flag \ud83c\udde9\ud83c\uddea 5\u20e3", "soft\u00adhyphen zero\u200bwidth r\u200dl \u200f", "snake_case x\u00b2 \u2162 \u0661\u0662 \u221212 \u00a012", "\ud800 lone \udc00",
        "tab\tnew\nline\u0085next\u2028sep", "a . b , c ' d '' e'' 'f", "one two three four five six seven eight nine ten eleven twelve", "\u202eright to left\u202c \ue000 private",
    ];

    private static readonly string[] s_vocabulary = [.. s_texts.Take(12).SelectMany(Words).Distinct().Where((_, index) => index % 7 != 3)];

    private static readonly SequenceModelOptions s_small = new() { ModelWidth = 12, Heads = 3, Layers = 2, FeedForwardWidth = 10, MaxLength = 9, LayerNormEpsilon = 0.1 };

    public static TheoryData<string> Models => [.. s_models.Keys];

    private static readonly Dictionary<string, SequenceModelOptions> s_models = new()
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

    [BrowserTheory, MemberData(nameof(Models))]
    public void Html_InABrowser_AnswersAsTheManagedEngine(string name)
    {
        var report = Report(s_models[name]);
        var answers = JsonSerializer.Deserialize<Answer[]>(Run(report, $"JSON.stringify({JsonSerializer.Serialize(s_texts)}.map(text => part.answer(text)))"), JsonSerializerOptions.Web)!;

        for (int row = 0; row < s_texts.Length; row++)
        {
            var (keys, words) = Pipeline(s_texts[row], report.Plan.Model);
            Assert.Equal(words, answers[row].Words);
            Assert.Equal(keys.Select(key => key != 0), answers[row].Known);
            for (int model = 0; model < report.Playground!.Models.Count; model++)
            {
                float[] expected = Engine(report, report.Playground.Models[model], keys);
                for (int c = 0; c < expected.Length; c++)
                    Assert.True(Math.Abs(expected[c] - answers[row].Probabilities[model][c]) < Tolerance, $"{report.Playground.Models[model].Variant.Name}, \"{s_texts[row]}\": {string.Join(' ', expected)} in the engine, {string.Join(' ', answers[row].Probabilities[model])} in the page.");
            }
        }
    }

    [BrowserTheory, InlineData("usual")]
    public void Html_InABrowser_MovesWordsByKeysByDraggingAndByChance(string name)
    {
        const string Use = """
            (() => {
              const lines = [], buttons = () => [...part.querySelectorAll('.words button')], order = () => buttons().map(button => button.textContent).join(' ');
              const said = () => [...part.querySelectorAll('.models > div')].map(panel => panel.querySelector('.answer').textContent + '; ' + panel.querySelectorAll('p')[1].textContent);
              const [choice, head] = part.querySelectorAll('select'), input = part.querySelector('input'), [shuffle, back] = part.querySelectorAll('.tools button');
              const press = key => { document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); lines.push(order() + ' | ' + document.activeElement.textContent); };
              input.value = '<i>the</i> dog bit Rex';
              input.dispatchEvent(new Event('input'));
              lines.push(order(), choice.selectedOptions[0].text, buttons().filter(button => button.className === 'unknown').map(button => button.textContent).join(' '));
              input.value = 'the dog bit a man';
              input.dispatchEvent(new Event('input'));
              buttons()[1].focus();
              for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'End', 'Home', 'x']) press(key);
              lines.push(...said());
              back.click();
              lines.push(order(), ...said());
              const [from, to] = [buttons()[0], buttons()[2]].map(button => button.getBoundingClientRect()), at = (type, x, y, target) => target.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true }));
              at('pointerdown', from.left + 2, from.top + 2, buttons()[0]);
              at('pointermove', to.right - 1, to.top + 2, document.body);
              at('pointerup', to.right - 1, to.top + 2, document.body);
              at('pointermove', from.left + 1, from.top + 2, document.body);
              lines.push(order());
              shuffle.click();
              lines.push(order() === 'dog bit the a man' ? 'the same' : 'another', order().split(' ').sort().join(' '));
              choice.selectedIndex = 2;
              choice.dispatchEvent(new Event('change'));
              lines.push(input.value === choice.selectedOptions[0].text.replace(/^.*?: /, ''), order() === input.value, part.querySelector('[role=status]').textContent);
              return lines.join('\n');
            })()
            """;
        var report = Report(s_models[name]);
        string[] lines = Run(report, Use).Split('\n');

        Assert.Equal(["< i > the < / i > dog bit rex", "a text of your own", "rex"], [lines[0], lines[1], lines[2].Split(' ')[^1]]);
        Assert.Equal(["the bit dog a man | dog", "the dog bit a man | dog", "dog the bit a man | dog", "dog the bit a man | dog", "the bit a man dog | dog", "dog the bit a man | dog", "dog the bit a man | dog"], lines[3..10]);
        Assert.Contains("probabilities by up to 0.0 points, attention between the same words by up to 0.0 points.", lines[10], StringComparison.Ordinal); // none comes first
        Assert.All(lines[11..17], line => Assert.DoesNotContain("attention between the same words by up to 0.0 points.", line, StringComparison.Ordinal));
        Assert.Equal("the dog bit a man", lines[17]);
        Assert.All(lines[18..25], line => Assert.EndsWith("In the first order.", line, StringComparison.Ordinal));
        Assert.Equal(["dog bit the a man", "another", "a bit dog man the", "true", "true"], lines[25..30]);
        Assert.Contains($"The label of this text: {report.Data.Classes[report.Texts!.Texts[1].Label]}", lines[30], StringComparison.Ordinal);
    }

    /// <summary>A report whose page has models of every scheme, none first, with random weights.</summary>
    private static OrderingAblationReport Report(SequenceModelOptions model)
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
    private static (int[] Keys, string[] Words) Pipeline(string text, SequenceModelOptions model)
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
    private static float[] Engine(OrderingAblationReport report, PlaygroundModel trained, int[] keys)
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

    /// <summary>What an expression over the part of the page gives, as text.</summary>
    private static string Run(OrderingAblationReport report, string expression)
    {
        string script = "<script>addEventListener('load', () => { const part = document.getElementById('playground'), given = document.createElement('pre'); given.id = 'given'; try { given.textContent = " + expression.Replace("</", "<\\/", StringComparison.Ordinal)
            + "; } catch (error) { given.textContent = error.stack; } document.body.append(given); });</script>";
        using var folder = new TemporaryFolder();
        string page = folder.Write("report.html", ReportExporter.Html.Export(report).Replace("</body>", script + "</body>", StringComparison.Ordinal));
        string[] arguments = ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.File("profile")}", "--window-size=1280,2000", "--dump-dom", new Uri(page).AbsoluteUri];
        using var process = Process.Start(new ProcessStartInfo(BrowserTheoryAttribute.Browser!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var given = Regex.Match(dom, "<pre id=\"given\">(.*?)</pre>", RegexOptions.Singleline);
        Assert.True(given.Success, $"The browser did not run the page: {errors.Result}");
        return WebUtility.HtmlDecode(given.Groups[1].Value);
    }

    private sealed record Answer(string[] Words, bool[] Known, double[][] Probabilities);
}
