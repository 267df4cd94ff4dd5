namespace MlAttention.Compat.Tests.Baseline;

public class ApiComparerTests
{
    private const string Listing = """
        // A header comment.

        // MlAttention.Compat.Tests.Baseline  [Some.Assembly]
        public sealed class Sample<T> : Base, IEnumerable, IEnumerable<T> where T : class
        {
            public Sample(int size, string name = "a, b
        c");
            protected readonly Dictionary<string, T[]> items;
            public int Count { get; }
            public T this[int index] { get; set; }
            public static (int, string) Parse(ReadOnlySpan<char> text, bool strict = true);
            public bool TryTake(ref T item, out int? left);
        }

        // MlAttention.Compat.Tests.Baseline  [Some.Assembly]
        public delegate void Reader<T>(ref T value);

        // MlAttention.Compat.Tests.Baseline  [Some.Assembly]
        public enum Mode
        {
            Off = 0,
            On = -1,
        }
        """;

    private static readonly Dictionary<string, ApiType> Official = ApiListing.Read([Listing]);

    private static ApiType Sample => Official["MlAttention.Compat.Tests.Baseline.Sample<T>"];

    [Fact]
    public void Read_Blocks_GivesDeclarationsBasesAndMembers()
    {
        Assert.Equal(3, Official.Count);
        Assert.Equal("public sealed class Sample<T>", Sample.Declaration);
        Assert.Equal(" where T : class", Sample.Constraints);
        Assert.Equal(["Base", "IEnumerable", "IEnumerable<T>"], Sample.Bases);
        Assert.Equal(6, Sample.Members.Count);
        Assert.Contains("public Sample(int size, string name = \"a, b\nc\");", Sample.Members);
        Assert.Equal("public delegate void Reader<T>(ref T value)", Official["MlAttention.Compat.Tests.Baseline.Reader<T>"].Declaration);
    }

    [Fact]
    public void Differences_OfTheSameApi_AreNone() => Assert.Empty(ApiComparer.Differences(Official.Values, Official));

    [Fact]
    public void Differences_OfAPartOfTheApi_AreNone()
    {
        ApiType part = Sample with { Bases = new HashSet<string>(), Members = new HashSet<string> { "public int Count { get; }" } };

        Assert.Empty(ApiComparer.Differences([part], Official));
    }

    [Theory]
    [InlineData("public int Count { get; }", "public int Count { get; set; }")]
    [InlineData("strict = true", "strict = false")]
    [InlineData("ReadOnlySpan<char> text", "ReadOnlySpan<char> input")]
    [InlineData("out int? left", "ref int? left")]
    [InlineData("protected readonly", "public readonly")]
    public void Differences_OfAChangedMember_NameIt(string official, string changed)
    {
        string member = Sample.Members.Single(m => m.Contains(official, StringComparison.Ordinal));
        string replaced = member.Replace(official, changed, StringComparison.Ordinal);
        ApiType standIn = Sample with { Members = Sample.Members.Except([member]).Append(replaced).ToHashSet() };

        string difference = Assert.Single(ApiComparer.Differences([standIn], Official));

        Assert.EndsWith(replaced, difference, StringComparison.Ordinal);
        Assert.StartsWith(Sample.FullName, difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_OfOtherTypesModifiersAndBases_NameThem()
    {
        ApiType unknown = Sample with { Name = "Unknown" };
        ApiType open = Sample with { Declaration = "public class Sample<T>" };
        ApiType loose = Sample with { Constraints = string.Empty };
        ApiType listed = Sample with { Bases = Sample.Bases.Append("IList<T>").ToHashSet() };

        Assert.All([unknown, open, loose, listed], t => Assert.Single(ApiComparer.Differences([t], Official)));
    }

    [Fact]
    public void Differences_OfAnInterfaceWithLess_NameWhatIsMissing()
    {
        var official = ApiListing.Read(["// A  [A]\npublic interface IOne\n{\n    int First { get; }\n    void Second();\n}\n"]);
        ApiType less = official["A.IOne"] with { Members = new HashSet<string> { "int First { get; }" } };

        string difference = Assert.Single(ApiComparer.Differences([less], official));

        Assert.EndsWith("void Second();", difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("what is this")]
    [InlineData("public class WithoutPlace\n{\n}")]
    [InlineData("// A  [A]\npublic record Other\n{\n}")]
    [InlineData("// A  [A]\npublic class NoBrace\n    public int A;")]
    [InlineData("// A  [A]\npublic class Open\n{\n    public int A;")]
    [InlineData("// A  [A]\npublic class Bad\n{\n    public int A\n}")]
    [InlineData("// A  [A]\npublic class Bad\n{\n  public int A;\n}")]
    public void Read_AnUnknownLine_Fails(string text) => Assert.Throws<FormatException>(() => ApiListing.Read([text]));

    [Fact]
    public void Read_ListingsThatDisagree_Fails() =>
        Assert.Throws<FormatException>(() => ApiListing.Read(["// A  [A]\npublic class One\n{\n}\n", "// A  [A]\npublic struct One\n{\n}\n"]));
}
