using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Explorer;
using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Reporting;

/// <summary>The weights that a page carries, and the pages that carry them.</summary>
public class AttentionExplorerTests
{
    private const int OneMegabyte = 1_000_000;

    [Fact]
    public void Encode_HandMadeWeights_AreTheBytesOfTheFormat()
    {
        // Row 0: one entry, no column before it, 10,000 - 1 = 0b1001110_0001111. Row 1: two entries, 2,500 - 1 = 0b10011_1000011 and 7,500 - 1 = 0b111010_1001011.
        var head = AttentionReader.Summarize(0, 0, [1, 0, 0.25f, 0.75f], 2);

        Assert.Equal([1, 0, 0b10001111, 0b1001110, 2, 0, 0b11000011, 0b10011, 0, 0b11001011, 0b111010], AttentionWeightStream.Encode(head, 2, least: 1));
        Assert.Equal([1, 0, 0b10001110, 0b1001110, 1, 1, 0b11001010, 0b111010], AttentionWeightStream.Encode(AttentionReader.Summarize(0, 0, [1, 0, 0.0001f, 0.75f], 2), 2, least: 2)); // what is less than the least is passed over
    }

    [Theory]
    [InlineData(7, 1_000_000)]
    [InlineData(200, 1_000_000)]
    [InlineData(200, 20_000)]
    public void Encode_AnyRoom_GivesBackEveryWeightThatIsCarriedAndKeepsToTheRoom(int length, int bytes)
    {
        var pattern = Made(length, layers: 1, heads: 2);

        int least = AttentionWeightStream.Least(pattern, bytes);

        Assert.Equal(bytes == 1_000_000, least == 1);
        foreach (var head in pattern.Heads)
        {
            var decoded = Decode(AttentionWeightStream.Encode(head, length, least), length, least);
            for (int cell = 0; cell < decoded.Length; cell++) Assert.Equal(head.Weights[cell] * 10_000 >= least - 0.5 ? head.Weights[cell] : 0, decoded[cell], 9);
        }
        int used = pattern.Heads.Sum(head => AttentionWeightStream.Encode(head, length, least).Length + (least > 1 ? AttentionWeightStream.Rest(head, length, least).Length : 0));
        Assert.InRange(used, 1, bytes);
        if (least > 1) Assert.InRange(used, bytes * 0.75, bytes); // a smaller least would not fit
    }

    [Fact]
    public void Rest_WeightsThatAreLeftOut_AreTheirMeanInEachBlock()
    {
        // 48 tokens in 24 blocks: the first block has 0.0010, 0.0030 and twice what is carried; the others nothing.
        const int length = 48, least = 40;
        double[] weights = new double[length * length];
        (weights[0], weights[1], weights[length], weights[length + 1]) = (0.001, 0.003, 0.5, 0.4);

        byte[] rest = AttentionWeightStream.Rest(new AttentionHead(0, 0, weights, 0, 0, 0, 0), length, least);

        Assert.Equal(24 * 24, rest.Length);
        Assert.Equal((byte)Math.Round(255 * 20.0 / least), rest[0]);
        Assert.All(rest[1..], mean => Assert.Equal(0, mean));
        Assert.Equal(9000 / 9040.0, AttentionWeightStream.Share(new AttentionHead(0, 0, weights, 0, 0, 0, 0), least), 9);
    }

    [Fact]
    public void Write_TwoTexts_CarriesTokensClassesAndWeights()
    {
        var pattern = Made(3, layers: 2, heads: 2) with { Tokens = ["the", "[unknown]", "cat"], UnknownWords = [new(1, "zzqx")], Probabilities = [0.25, 0.75] };

        var data = DataOf(AttentionExplorer.Write([new("First", pattern, ["minus", "plus"]), new("Second", pattern with { UnknownWords = null }, ["minus", "plus"]) { CutTokens = 7 }]));

        Assert.Equal(1, data.GetProperty("beside").GetInt32());
        var (first, second) = (data.GetProperty("patterns")[0], data.GetProperty("patterns")[1]);
        Assert.Equal(["the", "zzqx", "cat"], first.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        Assert.Equal([1], first.GetProperty("unknown").EnumerateArray().Select(token => token.GetInt32()));
        Assert.Equal([0.25, 0.75], first.GetProperty("probabilities").EnumerateArray().Select(probability => probability.GetDouble()));
        Assert.Equal((7, 0), (second.GetProperty("cutTokens").GetInt32(), second.GetProperty("unknown").GetArrayLength()));
        Assert.Equal([(1, 1), (1, 2), (2, 1), (2, 2)], first.GetProperty("heads").EnumerateArray().Select(head => (head.GetProperty("layer").GetInt32(), head.GetProperty("head").GetInt32())));
        Assert.Equal(pattern.Heads[2].Weights, Decode(first.GetProperty("heads")[2].GetProperty("weights").GetBytesFromBase64(), 3, 1));
    }

    [Theory]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("\"'`&amp;]]>")]
    [InlineData("a\u202Eb\u0000\u2028")]
    public void Page_HostileTokens_AreDataAlone(string hostile)
    {
        var pattern = Made(2, layers: 1, heads: 1) with { Tokens = [hostile, "b"], UnknownWords = [new(1, hostile)], Probabilities = [1] };

        string page = AttentionPage.Write(hostile, hostile, [new(hostile, pattern, [hostile])], null);

        Assert.Equal(2, Regex.Count(page, "<script", RegexOptions.IgnoreCase)); // the weights and the page's own
        Assert.Equal(2, Regex.Count(page, "</script", RegexOptions.IgnoreCase));
        Assert.DoesNotMatch("<img|\u202E|\u0000|\u2028", page[page.IndexOf("<section", StringComparison.Ordinal)..page.IndexOf("</section", StringComparison.Ordinal)]);
        var data = DataOf(page).GetProperty("patterns")[0];
        Assert.Equal(hostile, data.GetProperty("tokens")[0].GetString());
        Assert.Equal(hostile, data.GetProperty("classes")[0].GetString());
        XDocument.Parse(Regex.Replace(page, "<(meta[^>]*)>", "<$1/>").Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(12, 2, 4, "Layer 1, head 1")] // a figure a head
    [InlineData(500, 2, 4, "500 tokens by 14,")] // one a layer
    [InlineData(500, 6, 12, "500 tokens by 42,")]
    public void Page_AnyModelAndText_StaysUnderAMegabyteAndSaysWhatItLeavesOut(int length, int layers, int heads, string figure)
    {
        var pattern = Made(length, layers, heads);

        string page = AttentionPage.Write(string.Join(' ', pattern.Tokens), "strip", [new("The text", pattern, [])], null);

        Assert.InRange(page.Length, 1, OneMegabyte);
        Assert.Contains(figure, page, StringComparison.Ordinal);
        var data = DataOf(page).GetProperty("patterns")[0];
        Assert.Equal(length > 100, data.GetProperty("least").GetInt32() > 1);
        Assert.All(data.GetProperty("heads").EnumerateArray(), head => Assert.Equal(length > 100, head.GetProperty("rest").ValueKind == JsonValueKind.String));
    }

    /// <summary>Weights of a made text: each token looks mostly at the one before, the rest spreads unevenly.</summary>
    private static AttentionPattern Made(int length, int layers, int heads)
    {
        var random = new Random(5);
        return new(PositionScheme.Sinusoidal, [.. Enumerable.Range(0, length).Select(token => $"w{token % 50}")], [.. Enumerable.Range(0, layers * heads).Select(index => Head(index / heads, index % heads))]);

        AttentionHead Head(int layer, int head)
        {
            float[] weights = new float[length * length];
            for (int row = 0; row < length; row++)
            {
                var cells = weights.AsSpan(row * length, length);
                foreach (ref float weight in cells) weight = MathF.Exp(3 * random.NextSingle());
                cells[Math.Max(0, row - 1)] += length;
                float sum = 0;
                foreach (float weight in cells) sum += weight;
                foreach (ref float weight in cells) weight /= sum;
            }
            return AttentionReader.Summarize(layer, head, weights, length);
        }
    }

    private static JsonElement DataOf(string page) => JsonDocument.Parse(Regex.Match(page, "<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;

    /// <summary>What the page's script does with the bytes.</summary>
    private static double[] Decode(byte[] bytes, int length, int least)
    {
        double[] weights = new double[length * length];
        int at = 0;
        for (int row = 0; row < length; row++)
            for (int entries = Next(), column = -1; entries > 0; entries--)
            {
                column += 1 + Next();
                weights[row * length + column] = (least + Next()) / 10_000.0;
            }
        Assert.Equal(bytes.Length, at);
        return weights;

        int Next()
        {
            int number = 0, shift = 0;
            for (; bytes[at] > 127; shift += 7) number |= (bytes[at++] & 127) << shift;
            return number | bytes[at++] << shift;
        }
    }
}
