using System.Reflection;
using System.Text.RegularExpressions;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>
/// The pictures in docs/pictures are what the code draws today, and every page shows what is there. eng/pictures.sh draws them anew:
/// UPDATE_PICTURES=1 from the run that is kept, UPDATE_PICTURES=report.json from a new one.
/// </summary>
public sealed partial class PictureTests
{
    private static readonly string s_readme = Path.Combine(RepositoryFiles.Root, "README.md");

    [Fact]
    public void Files_OfEveryPicture_AreWhatTheCodeDraws()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_PICTURES") is { Length: > 0 } update)
        {
            if (update != "1") MainJob.Keep(update);
            foreach (var picture in Picture.All)
                foreach (bool isDark in new[] { false, true }) File.WriteAllText(picture.FileOf(isDark), picture.SvgOf(isDark));
            File.WriteAllText(s_readme, MainTable().Replace(File.ReadAllText(s_readme), match => match.Groups["start"].Value + string.Join('\n', MainJob.TableLines) + "\n" + match.Groups["end"].Value));
        }
        Assert.All(Picture.All, picture => Assert.Equal(picture.SvgOf(isDark: false), File.ReadAllText(picture.FileOf(isDark: false))));
        Assert.All(Picture.All, picture => Assert.Equal(picture.SvgOf(isDark: true), File.ReadAllText(picture.FileOf(isDark: true))));
    }

    [Fact]
    public void Folder_HoldsNoPictureThatNothingDraws() =>
        Assert.Equal(Picture.All.SelectMany(picture => new[] { picture.FileOf(false), picture.FileOf(true) }).Order(StringComparer.Ordinal), Directory.GetFiles(Picture.Folder, "*.svg").Order(StringComparer.Ordinal));

    [Fact]
    public void Pages_ShowEveryPicture_LightAndDark()
    {
        string[] shown = [.. DocumentationFiles.Markdown().SelectMany(page => Shown().Matches(File.ReadAllText(page)).Select(match => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, match.Groups[1].Value))))];

        Assert.All(shown, file => Assert.True(File.Exists(file), $"{file} is shown, and is not there"));
        Assert.All(Picture.All, picture => Assert.True(shown.Contains(picture.FileOf(isDark: false)) && shown.Contains(picture.FileOf(isDark: true)), $"no page shows {picture.Name} light and dark"));
    }

    [Fact]
    public void Figures_OfVariants_ShowEveryOne()
    {
        Shows("schemes", Enum.GetNames<PositionScheme>());
        Shows("algorithms", Enum.GetNames<AttentionAlgorithm>());
        Shows("poolings", Enum.GetNames<PoolingKind>());
        Shows("masks", typeof(AttentionMask).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(AttentionMask) && !method.IsSpecialName)
            .Select(method => method.Name).Except([nameof(AttentionMask.Of), nameof(AttentionMask.Combine), nameof(AttentionMask.BitwiseAnd)]).Append("NoMask"));

        static void Shows(string picture, IEnumerable<string> variants)
        {
            string[] texts = [.. Texts().Matches(Picture.All.Single(one => one.Name == picture).Draw()).Select(text => string.Concat(text.Groups[1].Value.Where(char.IsLetter)))];
            Assert.All(variants, variant => Assert.Contains(texts, text => text.Contains(variant, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public void Readme_MainTable_IsThatOfTheRun() =>
        Assert.Equal(string.Join('\n', MainJob.TableLines) + "\n", MainTable().Match(File.ReadAllText(s_readme)).Groups["table"].Value);

    [Fact]
    public void Siblings_OfTheRun_AreAllRightWithPositionsAndTwoOfSixWithout()
    {
        Assert.Equal(6, MainJob.Siblings.Count);
        Assert.All(MainJob.Siblings, text => Assert.Equal(text.Label, text.First.Class));
        Assert.Single(MainJob.Siblings.Select(text => text.Second.Class).Distinct());
        Assert.Equal(2, MainJob.Siblings.Count(text => text.Second.Class == text.Label));
    }

    [GeneratedRegex(@"(?<start><!-- table of the main job -->\n)(?<table>.*?)(?<end><!-- end of the table -->)", RegexOptions.Singleline)]
    private static partial Regex MainTable();

    [GeneratedRegex("<text [^>]*>([^<]*)</text>")]
    private static partial Regex Texts();

    [GeneratedRegex(@"(?:srcset=""|src=""|\]\()(?!https?:)([^"")\s]+\.svg)")]
    private static partial Regex Shown();
}
