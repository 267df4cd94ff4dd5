using MlAttention.Core.Training;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Training;

public class TrainingLogTests
{
    [Fact]
    public void Write_FullDisk_SaysSoOnceAndGoesOn()
    {
        if (!File.Exists("/dev/full")) return; // a file of Linux that has no room
        var warnings = new List<string>();
        using (var log = new TrainingLog("/dev/full", warnings.Add))
        {
            log.Write("start", new(""), EventJson.Default.TrainingEventNote);
            log.Write("end", new(""), EventJson.Default.TrainingEventNote);
        }
        Assert.StartsWith("LogPath = /dev/full cannot be written any more: ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MissingFolder_MakesIt()
    {
        using var folder = new TemporaryFolder();
        using (var log = new TrainingLog(folder.File("logs/run.jsonl"))) log.Write("start", new(""), EventJson.Default.TrainingEventNote);
        Assert.Contains("\"event\":\"start\"", File.ReadAllText(folder.File("logs/run.jsonl")), StringComparison.Ordinal);
    }
}
