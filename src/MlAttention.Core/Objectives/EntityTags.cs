namespace MlAttention.Core.Objectives;

/// <summary>Labels of tokens that spell entities in the BIO form: B-KIND begins one, I-KIND goes on, O is outside of all.</summary>
/// <remarks>
/// An I-KIND that follows no label of its kind begins an entity, as in the evaluation of CoNLL-2000 and CoNLL-2003 (Tjong Kim Sang and
/// Buchholz 2000; conlleval) and in seqeval's default mode.
/// </remarks>
internal sealed class EntityTags
{
    private const string Outside = "O", Begin = "B-", Inside = "I-";
    private readonly bool[] _begins;
    private readonly int[] _kinds;

    public EntityTags(IReadOnlyList<string> labels)
    {
        _begins = [.. labels.Select(label => label.StartsWith(Begin, StringComparison.Ordinal))];
        Kinds = [.. labels.Where(label => label != Outside).Select(label => label[Begin.Length..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _kinds = [.. labels.Select(label => label == Outside ? -1 : Array.IndexOf(Kinds, label[Begin.Length..]))];
    }

    /// <summary>The kinds of entities, in ordinal order.</summary>
    public string[] Kinds { get; }

    /// <summary>Whether labels are those of entities: each of them O, B-KIND or I-KIND, and at least one of a kind.</summary>
    public static bool AreBio(IReadOnlyList<string> labels) => labels.Any(label => label != Outside)
        && labels.All(label => label == Outside || (label.Length > Begin.Length && (label.StartsWith(Begin, StringComparison.Ordinal) || label.StartsWith(Inside, StringComparison.Ordinal))));

    /// <summary>The entities of a sequence of labels, of which a negative one is outside of all: kind, first token, and the first token behind.</summary>
    public List<Entity> Entities(IReadOnlyList<int> labels)
    {
        var entities = new List<Entity>();
        int start = -1, kind = -1;
        for (int i = 0; i <= labels.Count; i++)
        {
            int next = i < labels.Count && labels[i] >= 0 ? _kinds[labels[i]] : -1;
            if (start >= 0 && (next != kind || _begins[labels[i]]))
            {
                entities.Add(new(kind, start, i));
                start = -1;
            }
            if (start < 0 && next >= 0) (start, kind) = (i, next);
        }
        return entities;
    }
}

/// <summary>An entity in a sequence of tokens.</summary>
/// <param name="Kind">The index of its kind.</param>
/// <param name="Start">Its first token.</param>
/// <param name="End">The first token behind it.</param>
internal readonly record struct Entity(int Kind, int Start, int End);
