using Functional = TorchSharp.torch.nn.functional;

namespace MlAttention;

/// <summary>Writes the targets of a <see cref="SequenceToSequence"/> model.</summary>
public static class SequenceDecoding
{
    /// <summary>The most probable targets of sources, found by beam search. The sources are encoded once.</summary>
    /// <param name="model">The trained model, in evaluation mode.</param>
    /// <param name="source">[B,S].</param>
    /// <param name="mask">Boolean [B,S], True = a real token.</param>
    /// <param name="options">How they are searched for; null for a beam of 4. <see cref="BeamSearchOptions.Greedy"/> takes the most probable next token each time.</param>
    /// <returns>For each source the sequences found, the best first; their tokens are those of the target's embedding.</returns>
    /// <remarks>Each token costs the decoder over all tokens before it: the keys and values of its layers are not kept.</remarks>
    /// <exception cref="ArgumentException">A shape or type does not fit, or an option is out of range.</exception>
    public static IReadOnlyList<IReadOnlyList<DecodedSequence>> Decode(this SequenceToSequence model, Tensor source, Tensor mask, BeamSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var memory = model.Encode(source, mask);                                   // [B,S,D]
        var found = BeamSearch.Run((int)source.shape[0], model.EndToken - 1, options ?? new(), Next);
        return [.. found.Select(row => row.Select(sequence => sequence with { Tokens = [.. sequence.Tokens.Select(token => token + 1)] }).ToArray())];

        float[] Next(IReadOnlyList<TokenPrefix> prefixes)
        {
            using var step = NewDisposeScope();
            var rows = tensor(prefixes.Select(prefix => (long)prefix.Row).ToArray(), device: memory.device);
            long[] tokens = [.. prefixes.SelectMany(prefix => prefix.Tokens.Select(token => token + 1L).Prepend(model.StartToken))];
            var target = tensor(tokens, device: memory.device).view(prefixes.Count, -1);  // [N,L]
            var logits = model.NextLogits(memory.index_select(0, rows), mask.index_select(0, rows), target);
            return Functional.log_softmax(logits, 1).ToFloats();                          // [N,V]
        }
    }
}
