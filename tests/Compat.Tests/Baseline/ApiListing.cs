using System.Text.RegularExpressions;

namespace MlAttention.Compat.Tests.Baseline;

/// <summary>Reads API listings: blocks of a place comment, a declaration and one member a line. A line it does not understand is an error.</summary>
internal static partial class ApiListing
{
    /// <summary>Reads listings and joins what several of them say about one type.</summary>
    /// <param name="texts">The texts of the listings.</param>
    /// <returns>The types by full name.</returns>
    public static Dictionary<string, ApiType> Read(params IEnumerable<string> texts)
    {
        var types = new Dictionary<string, ApiType>();
        foreach (ApiType type in texts.SelectMany(ReadBlocks))
        {
            types[type.FullName] = types.TryGetValue(type.FullName, out ApiType? known) ? Join(known, type) : type;
        }
        return types;
    }

    private static IEnumerable<ApiType> ReadBlocks(string text)
    {
        string[] lines = JoinBrokenStrings(text.ReplaceLineEndings("\n").Split('\n'));
        string? place = null;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (PlaceComment().Match(line) is { Success: true } comment)
            {
                place = comment.Groups["namespace"].Value;
            }
            else if (line.StartsWith("public ", StringComparison.Ordinal) || line.StartsWith("protected ", StringComparison.Ordinal))
            {
                string where = place ?? throw Unknown(i, line, "a declaration without a comment that says its namespace");
                place = null;
                yield return line.EndsWith(';') ? ReadDelegate(where, line) : ReadType(where, lines, ref i);
            }
            else if (line.Length > 0 && !line.StartsWith("// ", StringComparison.Ordinal))
            {
                throw Unknown(i, line, "neither a comment nor a declaration");
            }
        }
    }

    /// <summary>A default value may hold a line break; the listings write it as it is.</summary>
    private static string[] JoinBrokenStrings(string[] lines)
    {
        var joined = new List<string>();
        foreach (string line in lines)
        {
            if (joined.Count > 0 && !joined[^1].StartsWith("//", StringComparison.Ordinal) && joined[^1].Count(c => c == '"') % 2 == 1)
            {
                joined[^1] += "\n" + line;
            }
            else
            {
                joined.Add(line);
            }
        }
        return [.. joined];
    }

    private static ApiType ReadDelegate(string place, string line)
    {
        string head = line[..line.IndexOf('(', StringComparison.Ordinal)];
        (string declaration, string constraints) = SplitConstraints(line[..^1]);
        return new ApiType(place, LastWord(head), declaration, constraints, new HashSet<string>(), new HashSet<string>());
    }

    private static ApiType ReadType(string place, string[] lines, ref int i)
    {
        (string head, string constraints) = SplitConstraints(lines[i]);
        string[] parts = head.Split(" : ", 2);
        HashSet<string> bases = parts.Length == 2 ? SplitList(parts[1]).ToHashSet() : [];
        if (!KnownKind().IsMatch(parts[0]))
        {
            throw Unknown(i, lines[i], "not a declaration of a type");
        }
        if (++i >= lines.Length || lines[i] != "{")
        {
            throw Unknown(i, i < lines.Length ? lines[i] : string.Empty, "an opening brace was due");
        }
        var members = new HashSet<string>();
        for (i++; i < lines.Length && lines[i] != "}"; i++)
        {
            if (!MemberLine().IsMatch(lines[i]))
            {
                throw Unknown(i, lines[i], "not a member");
            }
            members.Add(lines[i].Trim());
        }
        if (i >= lines.Length)
        {
            throw Unknown(i, string.Empty, "a closing brace was due");
        }
        return new ApiType(place, LastWord(parts[0]), parts[0], constraints, bases, members);
    }

    private static ApiType Join(ApiType known, ApiType more)
    {
        if (known.Declaration != more.Declaration || known.Constraints != more.Constraints)
        {
            throw new FormatException($"The listings disagree about {known.FullName}: '{known.Declaration}{known.Constraints}' and '{more.Declaration}{more.Constraints}'.");
        }
        return known with { Bases = known.Bases.Union(more.Bases).ToHashSet(), Members = known.Members.Union(more.Members).ToHashSet() };
    }

    private static (string Head, string Constraints) SplitConstraints(string line)
    {
        int at = line.IndexOf(" where ", StringComparison.Ordinal);
        return at < 0 ? (line, string.Empty) : (line[..at], line[at..]);
    }

    private static IEnumerable<string> SplitList(string list)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < list.Length; i++)
        {
            depth += list[i] is '<' or '(' ? 1 : list[i] is '>' or ')' ? -1 : 0;
            if (depth == 0 && list[i] == ',')
            {
                yield return list[start..i].Trim();
                start = i + 1;
            }
        }
        yield return list[start..].Trim();
    }

    private static string LastWord(string head)
    {
        int depth = 0;
        for (int i = head.Length - 1; i >= 0; i--)
        {
            depth += head[i] == '>' ? 1 : head[i] == '<' ? -1 : 0;
            if (depth == 0 && head[i] == ' ')
            {
                return head[(i + 1)..];
            }
        }
        return head;
    }

    private static FormatException Unknown(int index, string line, string reason) => new($"Line {index + 1} of a listing: {reason}: '{line}'.");

    [GeneratedRegex(@"^// (?<namespace>[A-Za-z][\w.]*)  \[[\w.]+\]$")]
    private static partial Regex PlaceComment();

    [GeneratedRegex(@"^(public|protected) (static class|abstract class|sealed class|class|struct|interface|enum) \S")]
    private static partial Regex KnownKind();

    [GeneratedRegex(@"^    (// no accessible constructor|\w+ = -?\d+,|[\w(].*[;}])$", RegexOptions.Singleline)]
    private static partial Regex MemberLine();
}
