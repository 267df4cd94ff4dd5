using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>From a word to the ids of its parts. Thread-safe.</summary>
internal abstract class TokenModel
{
    /// <summary>Appends the ids of a word.</summary>
    public abstract void Encode(ReadOnlySpan<char> word, List<int> ids, ModelMemory memory);
}

/// <summary>The parts of a word by the longest match from the left; a word with a part that is no token is unknown as a whole.</summary>
/// <remarks>Source: Devlin et al. 2018; BERT's WordpieceTokenizer.</remarks>
internal sealed class WordPieceModel(TokenTrie tokens, string continuation, int unknownId, int maxCharacters) : TokenModel
{
    /// <summary>The most characters of a word that is not unknown, where no file says it.</summary>
    public const int DefaultMaxCharacters = 100;

    /// <summary>Where the tokens that continue a word begin, or null when there are none.</summary>
    private readonly int? _continuation = tokens.TryWalk(continuation, out int node) ? node : null;

    public override void Encode(ReadOnlySpan<char> word, List<int> ids, ModelMemory memory)
    {
        int before = ids.Count;
        if ((word.Length <= maxCharacters || Characters(word) <= maxCharacters) && TryEncode(word, ids)) return;
        ids.RemoveRange(before, ids.Count - before);
        ids.Add(unknownId);
    }

    private bool TryEncode(ReadOnlySpan<char> word, List<int> ids)
    {
        for (int? node = TokenTrie.Root; !word.IsEmpty; node = _continuation)
        {
            if (node is null || !tokens.TryFindLongest(node.Value, word, out int length, out int id)) return false;
            ids.Add(id);
            word = word[length..];
        }
        return true;
    }

    private static int Characters(ReadOnlySpan<char> word)
    {
        int characters = 0;
        foreach (var _ in word.EnumerateRunes()) characters++;
        return characters;
    }
}

/// <summary>The parts of a word whose scores add up to the most, found by Viterbi's algorithm.</summary>
/// <remarks>Source: Kudo 2018, subword regularization; SentencePiece's unigram model. Neighbouring unknown characters are one unknown.</remarks>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>How much less likely an unknown character is than the least likely token.</summary>
    private const double UnknownPenalty = 10;

    private readonly TokenTrie _tokens;
    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly double _unknownScore;

    /// <param name="tokens">The tokens, whose values are their places in <paramref name="scores"/>, which are their ids.</param>
    /// <param name="scores">The logarithm of each token's probability.</param>
    /// <param name="unknownId">The id of what is no token.</param>
    public UnigramModel(TokenTrie tokens, double[] scores, int unknownId)
    {
        (_tokens, _scores, _unknownId) = (tokens, scores, unknownId);
        _unknownScore = scores.Min() - UnknownPenalty;
    }

    public override void Encode(ReadOnlySpan<char> word, List<int> ids, ModelMemory memory)
    {
        var best = memory.PathsFor(word.Length + 1);
        FindBest(word, best);

        int before = ids.Count;
        for (int end = word.Length; end > 0;)
        {
            var (start, id, _) = best[end];
            if (id == _unknownId)
            {
                while (start > 0 && best[start].Id == _unknownId) start = best[start].Start;
                if (_tokens.TryFind(word[start..end], out int fused)) id = fused;
            }
            ids.Add(id);
            end = start;
        }
        ids.Reverse(before, ids.Count - before);
    }

    private void FindBest(ReadOnlySpan<char> word, Span<(int Start, int Id, double Score)> best)
    {
        best.Fill((-1, _unknownId, double.NegativeInfinity));
        best[0].Score = 0;
        for (int start = 0; start < word.Length;)
        {
            Rune.DecodeFromUtf16(word[start..], out _, out int character);
            bool single = false;
            int node = TokenTrie.Root;
            for (int end = start; end < word.Length && _tokens.TryStep(ref node, word[end]); end++)
            {
                if (!_tokens.TryGetValue(node, out int id)) continue;
                Offer(ref best[end + 1], start, id, best[start].Score + _scores[id]);
                single |= end + 1 - start == character;
            }
            if (!single) Offer(ref best[start + character], start, _unknownId, best[start].Score + _unknownScore);
            start += character;
        }
    }

    private static void Offer(ref (int Start, int Id, double Score) best, int start, int id, double score)
    {
        if (best.Start < 0 || score > best.Score) best = (start, id, score);
    }
}

/// <summary>One thread's memory for models, used again for every word.</summary>
internal sealed class ModelMemory
{
    private (int Start, int Id, double Score)[] _paths = new (int, int, double)[256];

    /// <summary>Room for the best way to each place of a word.</summary>
    public Span<(int Start, int Id, double Score)> PathsFor(int count)
    {
        if (_paths.Length < count) _paths = new (int, int, double)[Math.Max(count, _paths.Length * 2)];
        return _paths.AsSpan(0, count);
    }

    /// <summary>The parts of a word of byte pairs.</summary>
    public List<BytePairPart> Parts { get; } = [];

    /// <summary>Neighbours that can be merged, the earliest merge first, the leftmost of equals first.</summary>
    public PriorityQueue<BytePairCandidate, long> Candidates { get; } = new();
}
