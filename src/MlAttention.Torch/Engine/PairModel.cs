using MlAttention.Core.Validation;

namespace MlAttention.Torch.Engine;

/// <summary>An encoder-decoder as the engine trains it, with teacher forcing: each row of a batch is a source and its target.</summary>
internal static class PairModel
{
    /// <summary>The model with both vocabularies.</summary>
    public static TorchModel Create(SequenceModelOptions encoder, SequenceModelOptions decoder, PairTokens tokens, Device device)
    {
        var module = TorchModel.Create(() => new SequenceToSequence(encoder, decoder, tokens.SourceVocabulary, tokens.TargetVocabulary), device);
        return new(module, EncoderDecoderLayout.Of(encoder, decoder, tokens.SourceVocabulary, tokens.TargetVocabulary), Logits) { Name = NameOf(encoder, decoder) };

        Tensor Logits(TokenBatch batch, Device device)
        {
            var pairs = PairBatch.Of(batch, tokens, device);
            var memory = module.Encoded(pairs.Source, pairs.SourceMask);
            var logits = module.DecodedLogits(memory, pairs.SourceMask, pairs.Target);                                       // [B,T,C]
            return logits.flatten(0, 1).index_select(0, pairs.Places).view(batch.Rows, batch.Length, -1);                     // [B,L,C]
        }
    }

    /// <summary>The engine's name tells what of the decoder is other than in the encoder, which a run's identity holds already.</summary>
    private static string NameOf(SequenceModelOptions encoder, SequenceModelOptions decoder)
    {
        string[] differences = [.. OptionDifferences.Between(Core.Training.TrainingStart.Describe(decoder.AsArchitecture()), Core.Training.TrainingStart.Describe(encoder.AsArchitecture()), Core.Training.TrainingStart.Describe(new()))
            .Select(difference => $"{difference.Name} = {difference.Mine}")];
        return $"TorchSharp, encoder-decoder{(differences.Length == 0 ? "" : $" whose decoder has {string.Join(", ", differences)}")}";
    }
}

/// <summary>Pairs as an encoder-decoder takes them.</summary>
/// <param name="Source">[B,S] int64.</param>
/// <param name="SourceMask">[B,S], True = a real token; null where all are.</param>
/// <param name="Target">The start token, then the target's, [B,T] int64.</param>
/// <param name="Places">For each place of the batch's rows, [B L], the one of B T whose logits belong there; any one at places without a label.</param>
internal readonly record struct PairBatch(Tensor Source, Tensor? SourceMask, Tensor Target, Tensor Places)
{
    /// <summary>The pairs of a batch on a device.</summary>
    public static PairBatch Of(TokenBatch batch, PairTokens tokens, Device device)
    {
        var marks = new int[batch.Rows];
        for (var row = 0; row < batch.Rows; row++) marks[row] = tokens.PlaceOfMark(Row(batch, row));
        var (sources, targets) = (Math.Max(1, marks.Max()), Enumerable.Range(0, batch.Rows).Max(row => batch.Lengths[row] - marks[row]));
        var (source, mask, target, places) = (new long[batch.Rows, sources], new bool[batch.Rows, sources], new long[batch.Rows, targets], new long[batch.Rows * batch.Length]);
        for (var row = 0; row < batch.Rows; row++)
        {
            var ids = Row(batch, row);
            for (var i = 0; i < marks[row]; i++) (source[row, i], mask[row, i]) = (ids[i], true);
            for (var i = marks[row]; i < ids.Length; i++)
            {
                target[row, i - marks[row]] = i == marks[row] ? tokens.Start : ids[i];
                places[row * batch.Length + i] = row * targets + i - marks[row];
            }
        }
        var isPadded = marks.AsSpan().ContainsAnyExcept(sources);
        return new(from_array(source, device), isPadded ? from_array(mask, device) : null, from_array(target, device), from_array(places, device));
    }

    private static ReadOnlySpan<int> Row(TokenBatch batch, int row) => batch.Tokens.AsSpan(row * batch.Length, batch.Lengths[row]);
}
