using MlAttention.Core.Managed;

namespace MlAttention.Tests.Engines.Managed;

public class LaneWidthTests
{
    [Theory, InlineData(null), InlineData("")]
    public void Choose_NothingSaid_IsTheWidest(string? text) => Assert.Equal(LaneWidth.Widest, LaneWidth.Choose(text));

    [Fact]
    public void Choose_AWidthOfTheMachine_IsThatWidth() => Assert.Equal(128, LaneWidth.Choose("128"));

    [Theory, InlineData("100"), InlineData("1024"), InlineData("wide")]
    public void Choose_NoWidth_SaysWhichThereAre(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => LaneWidth.Choose(text));
        Assert.Contains($"MLATTENTION_LANES = '{text}': must be 128, 256 or 512", error.Message, StringComparison.Ordinal);
    }
}
