namespace MlAttention.Tests.Samples;

/// <summary>The files that samples name, in a folder of their own.</summary>
internal static class SampleFiles
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("mlattention-samples-").FullName;

    static SampleFiles()
    {
        string[] adjectives = ["warm", "cold", "small", "big", "old"], nouns = ["soup", "bread", "cake"], good = ["good", "lovely"], bad = ["bad", "awful"];
        var rows = from adjective in adjectives
                   from noun in nouns
                   from verdict in good.Concat(bad)
                   select $"the {adjective} {noun} was {verdict},{(good.Contains(verdict) ? "positive" : "negative")}";
        File.WriteAllLines(Sample("reviews.csv"), ["Text,Label", .. rows]);
        string[] asked = ["soup", "bread", "cake"];
        var questions = from about in asked from of in asked from verdict in good.Concat(bad) select $"how was the {about},the {of} was {verdict},{(about == of ? "answered" : "evaded")}";
        File.WriteAllLines(Sample("questions.csv"), ["Question,Answer,Label", .. questions]);
        Directory.CreateDirectory(Sample("reviews"));
        File.WriteAllLines(Sample("reviews/first.csv"), ["Title;Body;Stars", "good;a warm soup;5", "row with too few fields", "bad;a cold soup;1"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Where a file that a sample names is.</summary>
    public static string Sample(string name) => Path.Combine(Folder, name);
}
