using System.Diagnostics;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline.Tasks;

namespace MlAttention.Tests.Pipeline;

public class TwoProcessTests
{
    [Fact]
    public void FitAndLoad_InProcessesOfTheirOwn_GiveTheSameValuesToTheBit()
    {
        using var folder = new TemporaryFolder();
        var (first, second, loaded) = (folder.File("first"), folder.File("second"), folder.File("loaded"));
        foreach (var name in new[] { first, second, loaded }) Directory.CreateDirectory(name);

        Run("fit", first);
        Run("fit", second);
        Run("load", first, loaded);

        var files = Directory.GetFiles(first, "*.txt").Select(path => Path.GetFileName(path)).ToArray();
        Assert.Equal(PipelineCase.All.Length + 2 + TaskCase.All.Length, files.Length);
        foreach (var file in files)
        {
            var expected = File.ReadAllText(Path.Combine(first, file));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, File.ReadAllText(Path.Combine(second, file)));
            Assert.Equal(expected, File.ReadAllText(Path.Combine(loaded, file)));
        }
    }

    private static void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SavedPipelines).Assembly.Location, .. arguments]);
        using var child = Process.Start(start)!;
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
    }
}
