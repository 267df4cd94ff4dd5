using MlAttention.Engines;
using MlAttention.Tests.Training;

namespace MlAttention.Tests;

/// <summary>The test assembly as a program: a training run that a test starts in a process of its own, to kill it.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        if (arguments is ["train", var engine, var checkpoints, var result]) KilledRun.Train(Enum.Parse<EngineKind>(engine), checkpoints, result);
    }
}
