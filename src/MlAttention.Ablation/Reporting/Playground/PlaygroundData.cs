using System.Text.Json;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Core.Architecture;

namespace MlAttention.Ablation.Reporting.Playground;

/// <summary>What the page's script is given: the vocabulary, and the models with all that it would otherwise have to derive.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Vocabulary">The token of each key.</param>
/// <param name="Most">Most words of a text.</param>
/// <param name="KeepEnd">Whether a longer text keeps its end.</param>
/// <param name="Models">The models.</param>
internal sealed record PlaygroundData(IReadOnlyList<string> Classes, IReadOnlyList<string> Vocabulary, int Most, bool KeepEnd, IReadOnlyList<PlaygroundNetwork> Models)
{
    /// <summary>The data of a report with a playground.</summary>
    public static PlaygroundData Of(OrderingAblationReport report, PlaygroundStudy study)
    {
        var model = report.Plan.Model;
        return new(report.Data.Classes, study.Vocabulary, model.MaxTextTokens, model.Truncation == TruncationSide.KeepEnd, [.. study.Models.Select(trained => PlaygroundNetwork.Of(report, study, trained))]);
    }

    /// <summary>As JSON in which all that could be markup is escaped.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AblationJson.Options);
}

/// <summary>One model as the script runs it.</summary>
internal sealed record PlaygroundNetwork
{
    /// <summary>The variant's name.</summary>
    public required string Name { get; init; }

    /// <summary>The colour of the variant in every figure.</summary>
    public required int Series { get; init; }

    /// <summary>The architecture.</summary>
    public required SequenceModelOptions Model { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int Rows { get; init; }

    /// <summary>How far a word sees to the left and to the right.</summary>
    public required int[] Window { get; init; }

    /// <summary>T5's biases: the bucket of each distance from 1 - MaxLength to MaxLength - 1.</summary>
    public required int[] Buckets { get; init; }

    /// <summary>ALiBi: the slope of each head.</summary>
    public required double[] Slopes { get; init; }

    /// <summary>ALiBi: how many heads, of all, look to the left alone; the others look to the right alone. 0 where all look to both sides.</summary>
    public required int LeftHeads { get; init; }

    /// <summary>Where the numbers of each weight begin.</summary>
    public required IReadOnlyDictionary<string, int> At { get; init; }

    /// <summary>All weights, as <see cref="HalfWeights"/> writes them.</summary>
    public required byte[] Weights { get; init; }

    /// <summary>A trained model.</summary>
    public static PlaygroundNetwork Of(OrderingAblationReport report, PlaygroundStudy study, PlaygroundModel trained)
    {
        var model = report.Plan.ModelOf(trained.Variant.Setup);
        bool isLocal = model.Mask.IsLocal, isOneSided = model.PositionDetails.HasOneSidedAlibi(model.Mask);
        var (left, right) = isOneSided ? AlibiSlopes.OneSided(model.Heads) : (AlibiSlopes.Of(model.Heads), []);
        return new()
        {
            Name = trained.Variant.Name,
            Series = SeriesStyle.Of(trained.Variant),
            Model = model,
            Rows = TokenIds.EmbeddingRows(study.Vocabulary.Count, model),
            Window = [isLocal ? model.WindowRadius : model.MaxLength, model.Mask.IsCausal ? 0 : isLocal ? model.WindowRadius : model.MaxLength],
            Buckets = model.Positions != PositionScheme.RelativeBias ? [] :
                [.. Enumerable.Range(1 - model.MaxLength, 2 * model.MaxLength - 1).Select(distance => RelativeBuckets.Of(distance, model.PositionDetails.Buckets, model.PositionDetails.MaxDistance, !model.Mask.IsCausal))],
            Slopes = model.Positions == PositionScheme.Alibi ? [.. left, .. right] : [],
            LeftHeads = isOneSided ? left.Length : 0,
            At = HalfWeights.Offsets(PlaygroundLimits.Layout(model, study.Vocabulary.Count, report.Data.Classes.Count)),
            Weights = trained.Weights,
        };
    }
}
