using System.Xml.Linq;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

public class StandaloneSvgTests
{
    [Fact]
    public void Of_EveryFigure_HasASizeAndNoVariables()
    {
        var report = FakeAblation.Report();
        foreach (var (figure, svg) in ReportFigures.Draw(report))
        {
            string file = StandaloneSvg.Of(svg, scale: 2);
            var root = XElement.Parse(file);
            Assert.Equal("840", root.Attribute("width")!.Value);
            Assert.DoesNotContain("var(", file, StringComparison.Ordinal);
            Assert.Contains(".f0 { fill: #0072b2", file, StringComparison.Ordinal);
            Assert.NotEmpty(figure.Id);
        }
    }
}
