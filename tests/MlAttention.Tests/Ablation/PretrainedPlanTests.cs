using System.Text.Json;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Report;

namespace MlAttention.Tests.Ablation;

public class PretrainedPlanTests
{
    private static readonly PretrainedEncoder s_encoder = TinyEncoder.Create();

    [Fact]
    public void Pretrained_Encoder_SetsModelAndIdentity()
    {
        var plan = AblationPlan.FullPretrained with { Pretrained = s_encoder };
        plan.Validate();
        Assert.Equal(TinyEncoder.Architecture with { MaxLength = 128 }, plan.Model);
        var identity = plan.PretrainedDetails!.Encoder!;
        Assert.Equal(("tiny", "bert", 16, 1, 2, 160, 20), (identity.Name, identity.Family, identity.Width, identity.Layers, identity.Heads, identity.PositionRows, identity.Tokens));
        Assert.Equal(64, identity.Fingerprint.Length);
        Assert.NotEqual(identity.Fingerprint, (AblationPlan.FullPretrained with { Pretrained = TinyEncoder.Create(seed: 2) }).PretrainedDetails!.Encoder!.Fingerprint);
    }

    [Fact]
    public void FullPretrained_Setups_AreSixAndTheOthersTestOnly()
    {
        var plan = AblationPlan.FullPretrained with { Pretrained = s_encoder };
        Assert.Equal(6, plan.Setups().Count);
        Assert.Equal(5, plan.Seeds.Count);
        Assert.All(plan.Variants().Where(variant => variant.Pretrained!.Value.IsTestOnly()), variant => Assert.Equal(PretrainedVariant.Ordered, variant.Setup.Pretrained));
        Assert.Equal(["pretrained-ordered", "pretrained-zero", "pretrained-constant", "pretrained-fresh", "pretrained-shuffled", "pretrained-sorted"], plan.Setups().Select(setup => setup.Name));
        Assert.Equal("pretrained-ordered-rate2e-4", (plan.Setups()[0] with { TrialRate = 2e-4 }).Name);
    }

    [Fact]
    public void QuickPretrained_Plan_IsOrderedZeroAndShuffled()
    {
        var plan = AblationPlan.QuickPretrained with { Pretrained = s_encoder };
        plan.Validate();
        Assert.Equal([PretrainedVariant.Ordered, PretrainedVariant.Zero, PretrainedVariant.Shuffled], plan.Setups().Select(setup => setup.Pretrained!.Value));
        Assert.Equal((3, 10, 10, 1), (plan.Seeds.Count, plan.ShuffleSeeds, plan.PretrainedDetails!.Permutations, plan.PretrainedDetails.LearningRates.Count));
    }

    [Fact]
    public void ModelOf_Variants_DifferInPositionsAlone()
    {
        var plan = AblationPlan.FullPretrained with { Pretrained = s_encoder };
        foreach (var setup in plan.Setups())
        {
            var model = plan.ModelOf(setup);
            Assert.Equal(setup.Pretrained!.Value.IsOrderBlind() ? PositionScheme.None : PositionScheme.Learned, model.Positions);
            Assert.Equal(plan.Model, model with { Positions = PositionScheme.Learned });
        }
    }

    [Fact]
    public void Variants_TableTooShortForTheShift_LeaveItOut()
    {
        Assert.DoesNotContain(TinyEncoder.Plan.Variants(), variant => variant.Pretrained == PretrainedVariant.TestShifted);
        Assert.Contains((TinyEncoder.Plan with { Model = TinyEncoder.Plan.Model with { MaxLength = 60 } }).Variants(), variant => variant.Pretrained == PretrainedVariant.TestShifted);
    }

    [Fact]
    public void Validate_ManyMistakes_ListsAllAtOnce()
    {
        var plan = AblationPlan.FullPretrained with { PretrainedDetails = new() { Variants = [PretrainedVariant.Zero, PretrainedVariant.Zero], LearningRates = [0], GradedShuffles = 0, Permutations = 0, PermutationTexts = 0, GateTexts = 0 } };
        string message = Assert.Throws<ArgumentException>(plan.Validate).Message;
        foreach (string name in new[] { "PretrainedDetails.Variants", "twice", "Ordered", "LearningRates", "GradedShuffles", "Permutations", "PermutationTexts", "GateTexts", "Pretrained = null" }) Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_StaticVectorsWithoutAnEncoder_SaysWhatIsMissing() =>
        Assert.Contains("StaticVectors", Assert.Throws<ArgumentException>((AblationPlan.Quick with { Baselines = [BaselineKind.StaticVectors] }).Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_PlanForAnEncoder_NamesItAndComesBackWithoutIt()
    {
        var plan = TinyEncoder.Plan;
        string json = JsonSerializer.Serialize(plan, AblationJson.Options);
        var again = JsonSerializer.Deserialize<AblationPlan>(json, AblationJson.Options)!;
        Assert.Null(again.Pretrained);
        Assert.Equal(json, JsonSerializer.Serialize(again, AblationJson.Options));
        Assert.Equal(plan.Variants(), again.Variants());
        Assert.Contains("\"fingerprint\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_PlanFromScratch_HasNoTraceOfEncoders() =>
        Assert.DoesNotContain("pretrained", JsonSerializer.Serialize(new AblationPlan(), AblationJson.Options), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Names_OfVariants_AreDifferent()
    {
        string[] names = [.. Enum.GetValues<PretrainedVariant>().Select(PretrainedVariants.NameOf)];
        Assert.Equal(names.Length, names.Distinct().Count());
    }
}
