using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation;

public class AblationPlanTests
{
    [Fact]
    public void Validate_ManyMistakes_ListsAllAtOnce()
    {
        var plan = new AblationPlan { Seeds = [1, 1], Epochs = 0, DevFraction = 1, Positions = [], EquivalenceMargin = 0, Model = new() { ModelWidth = 63 } };
        string message = Assert.Throws<ArgumentException>(plan.Validate).Message;
        foreach (string name in new[] { "Seeds", "Epochs", "DevFraction", "Positions", "EquivalenceMargin" })
            Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ModelThatOneSchemeCannotUse_IsFoundBeforeTheFirstRun()
    {
        var plan = new AblationPlan { Model = new() { ModelWidth = 12, Heads = 4 } }; // head width 3 is odd
        Assert.Contains("rotary", Assert.Throws<ArgumentException>(plan.Validate).Message, StringComparison.Ordinal);
        (plan with { Positions = [PositionScheme.None, PositionScheme.Sinusoidal] }).Validate();
    }

    [Fact]
    public void Validate_Defaults_AreFine()
    {
        new AblationPlan().Validate();
        AblationPlan.Quick.Validate();
    }

    [Fact]
    public void Validate_TooManySeeds_SaysHowManyAreAllowed() =>
        Assert.Contains("24", Assert.Throws<ArgumentException>(new AblationPlan { Seeds = [.. Enumerable.Range(1, 25)] }.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Variants_FullMatrix_CombinesWhatMakesSense()
    {
        var variants = new AblationPlan().Variants();
        Assert.Equal(variants.Count, variants.Distinct().Count());
        // in order: 7 schemes x 2 masks + 4 encoders; shuffled at test: 7 schemes + 4 encoders; in training and in both: 3 schemes + 4 encoders each
        Assert.Equal(7 * 2 + 4 + (7 + 4) + 2 * (3 + 4), variants.Count);
        Assert.Equal(7 * 2 + 4 + 3 + 4, new AblationPlan().Setups().Count);
        Assert.All(variants.Where(variant => variant.Encoder != EncoderKind.Attention), variant => Assert.Equal(PositionScheme.None, variant.Positions));
    }

    [Fact]
    public void Variants_Quick_TriesTheOtherMaskWithoutPositionsOnly()
    {
        var causal = AblationPlan.Quick.Variants().Where(variant => variant.Mask == MaskKind.Causal);
        Assert.Equal(PositionScheme.None, Assert.Single(causal).Positions);
        Assert.Equal(8, AblationPlan.Quick.Setups().Count);
    }

    [Fact]
    public void Variants_ClipDistances_AreTriedInOrderWithTheFirstMask()
    {
        var plan = AblationPlan.Quick with { ClipDistances = [0, 2] };
        plan.Validate();
        AblationVariant[] clipped = [.. plan.Variants().Where(variant => variant.ClipDistance is not null)];
        Assert.Equal(["Shaw relative, k=0", "Shaw relative, k=2"], clipped.Select(variant => variant.Name));
        Assert.All(clipped, variant => Assert.Equal((PositionScheme.ShawRelative, MaskKind.Bidirectional, TokenShuffling.None), (variant.Positions, variant.Mask, variant.Shuffling)));
        Assert.Equal(2, plan.ModelOf(clipped[1].Setup).PositionDetails.ClipDistance);
        Assert.Equal("attention-shawrelative-bidirectional-clip2", clipped[1].Setup.Name);
    }

    [Theory]
    [InlineData(new[] { 2, 2 }, "twice")]
    [InlineData(new[] { -1 }, "0 or more")]
    [InlineData(new[] { 16 }, "must not name 16")]
    public void Validate_BadClipDistances_SaysWhy(int[] distances, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>((AblationPlan.Quick with { ClipDistances = distances }).Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Validate_ClipDistancesWithoutShaw_SaysWhatIsMissing() =>
        Assert.Contains("ShawRelative", Assert.Throws<ArgumentException>((AblationPlan.Quick with { Positions = [PositionScheme.None], ClipDistances = [2] }).Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Setups_TestShuffling_NeedsNoTrainingOfItsOwn()
    {
        var plan = new AblationPlan { Positions = [PositionScheme.Rotary], Masks = [MaskKind.Causal], Encoders = [EncoderKind.Attention] };
        Assert.Equal(4, plan.Variants().Count);
        Assert.Equal([false, true], plan.Setups().Select(setup => setup.ShuffledTraining));
    }

    [Fact]
    public void Setups_Names_AreUniqueAndSafeInFileNames()
    {
        string[] names = [.. new AblationPlan().Setups().Select(setup => setup.Name)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Matches("^[a-z0-9-]+$", name));
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("-1/2")]
    public void ShardParse_Nonsense_SaysWhatIsExpected(string text) =>
        Assert.Contains("2/8", Assert.Throws<FormatException>(() => AblationShard.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Shards_Together_HoldEveryRunOnce()
    {
        var shards = Enumerable.Range(1, 3).Select(index => AblationShard.Parse($"{index}/3")).ToArray();
        Assert.All(Enumerable.Range(0, 20), run => Assert.Single(shards, shard => shard.Contains(run)));
    }
}
