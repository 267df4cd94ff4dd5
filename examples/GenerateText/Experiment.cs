using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Cli.Datasets;

namespace MlAttention.Examples.GenerateText;

/// <summary>Trains a causal model on sentences of a known grammar, so that what it writes can be judged by the grammar itself.</summary>
public sealed class Experiment
{
    private readonly HashSet<string> _known;
    private readonly string[] _heldOut;

    private Experiment(TextGenerator generator, string[] known, string[] heldOut) => (Generator, _known, _heldOut) = (generator, [.. known], heldOut);

    /// <summary>What writes.</summary>
    public TextGenerator Generator { get; }

    /// <summary>Trains on four fifths of the sentences; those of one bag of words stay together.</summary>
    /// <param name="csv">A file with the columns Text and Group: datasets/word_order.csv.</param>
    /// <param name="epochs">Passes over the sentences, at most.</param>
    /// <param name="tell">Receives a line for each epoch.</param>
    public static Experiment Train(string csv, int epochs, Action<string> tell)
    {
        var ml = new MLContext(seed: 1);
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(new CsvOptions { LabelColumn = null, KeptColumns = ["Group"] }, csv);
        var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: "Group", seed: 1);
        var transformer = attention.TextGenerator(new TextGeneratorOptions
        {
            MaxLength = 32,
            Positions = PositionScheme.Rotary,
            Training = new TrainingOptions
            {
                Epochs = epochs, LabelSmoothing = 0, Optimizer = new() { LearningRate = 3e-3 },
                Progress = new Progress(progress => { if (progress.CompletedEpoch is { } epoch) tell($"epoch {epoch.Epoch}: perplexity {epoch.ValidationPerplexity:0.000}"); }),
            },
        }).Fit(split.TrainSet);
        return new Experiment(transformer.Generator, Texts(split.TrainSet), Texts(split.TestSet));
    }

    /// <summary>The perplexity of the held-out sentences, and that of the grammar that made them, below which none can come on average.</summary>
    public (double OfModel, double OfGrammar) Perplexity()
    {
        int tokens = _heldOut.Sum(text => Generator.Score(text).Tokens);
        return (Generator.Perplexity(_heldOut), Math.Exp(-_heldOut.Sum(text => WordOrderGrammar.LogProbability(text)!.Value) / tokens));
    }

    /// <summary>Writes sentences and counts those that the grammar makes, those that differ from each other, and those that it was not shown.</summary>
    public Writing Write(int count, GenerationOptions options)
    {
        string[] sentences = [.. Enumerable.Range(0, count).Select(i => Generator.Generate("", options with { Seed = i }).Text)];
        string[] grammatical = [.. sentences.Where(text => WordOrderGrammar.LogProbability(text) is not null)];
        return new(sentences, grammatical.Length, grammatical.Distinct().Count(), grammatical.Distinct().Count(text => !_known.Contains(text)));
    }

    private static string[] Texts(IDataView rows) => [.. rows.GetColumn<string>("Text")];

    private sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}

/// <summary>Sentences that were written.</summary>
/// <param name="Sentences">All of them.</param>
/// <param name="Grammatical">How many the grammar makes.</param>
/// <param name="Different">How many of these differ.</param>
/// <param name="New">How many of these were not among the training sentences.</param>
public sealed record Writing(IReadOnlyList<string> Sentences, int Grammatical, int Different, int New);
