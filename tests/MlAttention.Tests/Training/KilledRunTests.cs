using System.Diagnostics;
using System.Globalization;
using MlAttention.Core.Randomness;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Training;

public class KilledRunTests
{
    /// <summary>
    /// Kills a run with SIGKILL again and again, at random steps, each time somewhere in the step or in writing its checkpoint.
    /// MLATTENTION_KILLS=50 makes it 50 kills of each engine.
    /// </summary>
    [Theory]
    [InlineData(EngineKind.TorchSharp)]
    [InlineData(EngineKind.Managed)]
    public void Train_KilledAtRandomPoints_EndsWithTheUninterruptedWeights(EngineKind engine)
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("MLATTENTION_KILLS") ?? "2", CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        KilledRun.Train(engine, folder.File("whole"), folder.File("whole.safetensors"));
        var random = new Xoshiro256(5);

        var done = 0;
        for (var run = 0; done < kills; run++)
        {
            var checkpoints = folder.File($"run{run}");
            for (var step = 0; done < kills && step < KilledRun.Steps - 1; done++)
            {
                step += 1 + random.NextInt(KilledRun.Steps - 1 - step);
                Kill(engine, checkpoints, folder.File("never"), step, TimeSpan.FromMicroseconds(random.NextInt(3000)));
                Assert.NotNull(CheckpointStore.Find(checkpoints, line => Assert.Fail(line)));
            }
            KilledRun.Train(engine, checkpoints, folder.File("resumed.safetensors"));

            Assert.Equal(File.ReadAllBytes(folder.File("whole.safetensors")), File.ReadAllBytes(folder.File("resumed.safetensors")));
            Assert.DoesNotContain(Directory.GetFiles(checkpoints), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        }
    }

    private static void Kill(EngineKind engine, string checkpoints, string never, int step, TimeSpan delay)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(KilledRun).Assembly.Location, "train", $"{engine}", checkpoints, never, step.ToString(CultureInfo.InvariantCulture)]) start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        while (child.StandardOutput.ReadLine() is { } line)
        {
            if (int.Parse(line, CultureInfo.InvariantCulture) < step) continue;
            SpinWait.SpinUntil(() => false, delay);
            child.Kill();
            child.WaitForExit();
            return;
        }
        throw new InvalidOperationException($"The child ended before step {step}.");
    }
}
