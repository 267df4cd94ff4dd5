using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Benchmarks.Comparison;

namespace MlAttention.Benchmarks.Data;

/// <summary>
/// Whether explanations find the words that decide, on datasets/word_order.csv, whose generator knows them: three people, and the words that say
/// who of them acts. What else stands in a sentence (who is old, when it was, where, and what was done) never changes the label.
/// </summary>
internal sealed class DecidingWordsBenchmark : IBenchmark
{
    private const int Texts = 300;

    private static readonly string[][] s_people =
    [
        ["cook", "baker", "waiter", "butcher", "brewer", "grocer"],
        ["doctor", "nurse", "surgeon", "dentist", "midwife", "pharmacist"],
        ["teacher", "student", "librarian", "professor", "tutor", "principal"],
    ];

    private static readonly string[] s_labels = ["kitchen", "medicine", "school"], s_roles = ["was", "by", "to", "it", "who", "whom"];

    public string Verb => "deciding-words";

    public string Summary => $"which words of word_order.csv integrated gradients and leave-one-out find, with {Texts} test texts";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0) throw new BenchmarkException($"{Verb} takes nothing.");
        string[] methods = ["integrated gradients", "leave one out"];
        Console.WriteLine("| positions | texts right | method | first is a deciding word | the actor first of the people | share of the actor | of other people | of words of role | of all others | Kendall's tau-b |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var positions in new[] { PositionScheme.None, PositionScheme.Sinusoidal, PositionScheme.Rotary })
        {
            var (explanations, labels) = Explain(positions);
            double right = explanations.Zip(labels).Average(pair => pair.First.Label == pair.Second ? 1.0 : 0), agreement = explanations.Average(explanation => explanation.Agreement ?? 0);
            for (int method = 0; method < methods.Length; method++)
            {
                var found = explanations.Select(explanation => new Found(explanation, method)).ToArray();
                Console.WriteLine(FormattableString.Invariant($"| {positions} | {right:P1} | {methods[method]} | {found.Average(text => text.FirstDecides):P1} | {found.Average(text => text.ActorFirst):P1} | {string.Join(" | ", Enumerable.Range(0, 4).Select(kind => FormattableString.Invariant($"{found.Average(text => text.Shares[kind]):P1}")))} | {agreement:0.00} |"));
            }
        }
        return 0;
    }

    private static (TextExplanation[] Explanations, string[] Labels) Explain(PositionScheme positions)
    {
        var context = new MLContext(seed: 1);
        var attention = context.Attention();
        var data = attention.LoadCsv(new CsvOptions { KeptColumns = ["Group"] }, Path.Combine(CompareBenchmark.Repository, "datasets", "word_order.csv"));
        var split = context.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: "Group", seed: 1);
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.Classifier(new AttentionClassifierOptions { Positions = positions, SamplingKeyColumnName = "Group", Training = new() { Epochs = 12, Compute = new() { Threads = 1 } } }))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        string file = Path.GetTempFileName();
        try
        {
            context.Model.SaveTextClassifier(pipeline.Fit(split.TrainSet), file);
            var classifier = TextClassifier.Load(file);
            return ([.. split.TestSet.GetColumn<string>("Text").Take(Texts).Select(text => classifier.Explain(text))], [.. split.TestSet.GetColumn<string>("Label").Take(Texts)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What a method finds in a text: of the absolute contributions, the shares of the actor as the model sees it, of the other people, of words of role, and of the rest.</summary>
    private sealed class Found
    {
        public Found(TextExplanation explanation, int method)
        {
            double[] contributions = [.. explanation.Tokens.Select(token => (double)(method == 0 ? token.IntegratedGradients : token.LeaveOneOut))];
            int[] kinds = [.. explanation.Tokens.Select(token => Kind(token.Text, explanation.Label))];
            double sum = contributions.Sum(Math.Abs);
            Shares = [.. Enumerable.Range(0, 4).Select(kind => contributions.Where((_, i) => kinds[i] == kind).Sum(Math.Abs) / sum)];
            FirstDecides = kinds[Array.IndexOf(contributions, contributions.Max())] < 3 ? 1 : 0;
            ActorFirst = kinds.Index().Where(token => token.Item < 2).MaxBy(token => contributions[token.Index]).Item == 0 ? 1 : 0;
        }

        public double[] Shares { get; }

        public double FirstDecides { get; }

        public double ActorFirst { get; }

        private static int Kind(string word, string label) => s_people[Array.IndexOf(s_labels, label)].Contains(word) ? 0 : s_people.Any(field => field.Contains(word)) ? 1 : s_roles.Contains(word) ? 2 : 3;
    }
}
