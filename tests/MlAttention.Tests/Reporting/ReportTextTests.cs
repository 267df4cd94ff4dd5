using MlAttention.Ablation.Report;

namespace MlAttention.Tests.Reporting;

/// <summary>How reports write numbers.</summary>
public class ReportTextTests
{
    [Theory]
    [InlineData(-0.0, 0.0, "[0.0, 0.0]")]
    [InlineData(-0.0004, 0.0004, "[0.0, 0.0]")]
    [InlineData(-0.651, 0.0006, "[-65.1, 0.1]")]
    public void Points_OfAnInterval_HasNoNegativeZero(double lower, double upper, string expected) =>
        Assert.Equal(expected, ReportText.Points(new ConfidenceInterval(lower, upper, 0.95)));

    [Theory]
    [InlineData(-0.0, "0.0")]
    [InlineData(-0.0004, "0.0")]
    [InlineData(0.65, "+65.0")]
    public void Points_OfADifference_HasNoNegativeZero(double difference, string expected) => Assert.Equal(expected, ReportText.Points(difference));
}
