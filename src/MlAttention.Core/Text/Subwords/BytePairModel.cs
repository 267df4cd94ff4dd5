namespace MlAttention.Core.Text.Subwords;

/// <summary>The parts of a word by merging neighbours, from bytes on, the pair that training merged first before the others.</summary>
/// <remarks>Source: Sennrich et al. 2016; Radford et al. 2019 for bytes in the place of characters. n bytes cost n log n.</remarks>
/// <param name="byteIds">The id of each of the 256 bytes; -1 for one that is no token.</param>
/// <param name="merges">For two neighbours their rank among the merges and what they become.</param>
/// <param name="unknownId">The id for bytes that are no token, or null to leave them out.</param>
/// <param name="fuseUnknown">Whether neighbouring unknown bytes are one unknown.</param>
internal sealed class BytePairModel(int[] byteIds, BytePairMerges merges, int? unknownId, bool fuseUnknown) : TokenModel
{
    public override void Encode(ReadOnlySpan<char> word, List<int> ids, ModelMemory memory)
    {
        var parts = memory.Parts;
        parts.Clear();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in word.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)]) AddPart(byteIds[value], parts);
        }
        Merge(CollectionsMarshal.AsSpan(parts), memory.Candidates);
        foreach (var part in parts)
        {
            if (part.Id >= 0) ids.Add(part.Id);
        }
    }

    private void AddPart(int id, List<BytePairPart> parts)
    {
        if (id < 0)
        {
            if (unknownId is null || fuseUnknown && parts.Count > 0 && parts[^1].Id == unknownId) return;
            id = unknownId.Value;
        }
        parts.Add(new BytePairPart(id, parts.Count - 1, parts.Count + 1));
    }

    private void Merge(Span<BytePairPart> parts, PriorityQueue<BytePairCandidate, long> candidates)
    {
        for (int i = 0; i + 1 < parts.Length; i++) Offer(parts, i, candidates);
        while (candidates.TryDequeue(out var pair, out _))
        {
            ref var left = ref parts[pair.Place];
            if (left.Id != pair.Left || left.Next >= parts.Length || parts[left.Next].Id != pair.Right) continue;
            ref var right = ref parts[left.Next];
            left = left with { Id = pair.Merged, Next = right.Next };
            right = right with { Id = BytePairPart.Gone };
            if (left.Next < parts.Length) parts[left.Next] = parts[left.Next] with { Previous = pair.Place };
            Offer(parts, left.Previous, candidates);
            Offer(parts, pair.Place, candidates);
        }
    }

    private void Offer(Span<BytePairPart> parts, int place, PriorityQueue<BytePairCandidate, long> candidates)
    {
        if (place < 0 || parts[place].Next >= parts.Length) return;
        var (left, right) = (parts[place].Id, parts[parts[place].Next].Id);
        if (merges.TryFind(left, right, out var merge)) candidates.Enqueue(new BytePairCandidate(place, left, right, merge.Id), (long)merge.Rank << 32 | (uint)place);
    }
}

/// <summary>A part of a word, and the places of its neighbours.</summary>
internal readonly record struct BytePairPart(int Id, int Previous, int Next)
{
    /// <summary>The id of a part that its left neighbour has taken in.</summary>
    public const int Gone = -1;
}

/// <summary>Two neighbours that may become one, unless one of them has changed before.</summary>
internal readonly record struct BytePairCandidate(int Place, int Left, int Right, int Merged);

/// <summary>Which neighbours become one, what they become, and when training did so.</summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges = [];

    /// <summary>Adds a merge that is later than all that are here; of the same pair the last counts.</summary>
    public void Add(int left, int right, int id) => _merges[KeyOf(left, right)] = (Count++, id);

    /// <summary>Merges added.</summary>
    public int Count { get; private set; }

    public bool TryFind(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue(KeyOf(left, right), out merge);

    private static long KeyOf(int left, int right) => (long)left << 32 | (uint)right;
}
