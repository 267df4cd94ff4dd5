using System.Text.Json;
using MlAttention.Ablation.Statistics;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Ablation.Statistics;

/// <summary>Against values computed with scipy.</summary>
public class GoldenStatisticsTests
{
    private static readonly Dictionary<string, JsonElement> s_cases = Load();

    [Fact]
    public void McNemar_ReferenceCounts_GiveReferenceP()
    {
        foreach (var row in s_cases["mcnemar_exact_two_sided"].GetProperty("rows").EnumerateArray())
            Assert.Equal(row.GetProperty("p").GetDouble(), McNemarTest.TwoSidedP(row.GetProperty("b").GetInt32(), row.GetProperty("c").GetInt32()), 12);
    }

    [Fact]
    public void Wilson_ReferenceCounts_GiveReferenceInterval()
    {
        foreach (var row in s_cases["wilson_95"].GetProperty("rows").EnumerateArray())
        {
            var interval = WilsonInterval.Of(row.GetProperty("k").GetInt32(), row.GetProperty("n").GetInt32(), 0.95);
            Assert.Equal(row.GetProperty("ci")[0].GetDouble(), interval.Lower, 9);
            Assert.Equal(row.GetProperty("ci")[1].GetDouble(), interval.Upper, 9);
        }
    }

    [Fact]
    public void TQuantile_ReferenceDegrees_GiveReferenceQuantile()
    {
        foreach (var row in s_cases["t_quantile_0.975"].GetProperty("rows").EnumerateArray())
            Assert.Equal(row.GetProperty("t").GetDouble(), PairedTTest.Quantile(0.975, row.GetProperty("df").GetInt32()), 8);
    }

    [Fact]
    public void PairedSeeds_ReferenceRuns_GiveReferenceStatistics()
    {
        var reference = s_cases["paired_seeds_10"];
        double[] a = Numbers(reference, "A"), b = Numbers(reference, "B");
        double[] differences = [.. a.Zip(b, (x, y) => x - y)];
        var interval = PairedTTest.Interval(differences, 0.95)!;
        Assert.Equal(Number("mean_diff"), Sample.Mean(differences), 12);
        Assert.Equal(Number("sd_diff"), Sample.StandardDeviation(differences), 12);
        Assert.Equal(Number("sd_A"), Sample.StandardDeviation(a), 12);
        Assert.Equal(Number("t"), PairedTTest.Statistic(differences), 9);
        Assert.Equal(Number("p"), PairedTTest.TwoSidedP(differences), 12);
        Assert.Equal(reference.GetProperty("ci95")[0].GetDouble(), interval.Lower, 10);
        Assert.Equal(reference.GetProperty("ci95")[1].GetDouble(), interval.Upper, 10);
        Assert.Equal(Number("cohen_dz"), EffectSize.CohenDz(differences)!.Value, 10);
        Assert.Equal(Number("prob_A_beats_B"), EffectSize.ProbabilityOfSuperiority(differences), 12);

        double Number(string name) => reference.GetProperty(name).GetDouble();
    }

    [Fact]
    public void SignFlip_ReferenceDifferences_GiveReferenceP()
    {
        var reference = s_cases["sign_flip_exact_5"];
        Assert.Equal(reference.GetProperty("p_two_sided").GetDouble(), SignFlipTest.TwoSidedP(Numbers(reference, "diffs")), 12);
        Assert.Equal(reference.GetProperty("smallest_possible_p").GetDouble(), SignFlipTest.SmallestP(5), 12);
    }

    [Fact]
    public void Holm_ReferenceP_GiveReferenceAdjustment() =>
        Assert.Equal(Numbers(s_cases["holm"], "adjusted"), HolmCorrection.Adjust(Numbers(s_cases["holm"], "p")));

    [Fact]
    public void PairsNeeded_ReferenceCase_IsReferenceNumber() =>
        Assert.Equal(s_cases["noether_N_for_P(A>B)=0.75"].GetProperty("N").GetInt32(), EffectSize.PairsNeeded(0.75, 0.05, 0.05));

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static Dictionary<string, JsonElement> Load()
    {
        string path = Path.Combine(RepositoryFiles.Root, "tests", "MlAttention.Tests", "Golden", "stats.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases").EnumerateArray().ToDictionary(element => element.GetProperty("name").GetString()!);
    }
}
