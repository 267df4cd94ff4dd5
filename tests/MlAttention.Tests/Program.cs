using System.Globalization;
using MlAttention.Tests.Engines.Managed;
using MlAttention.Tests.Native;
using MlAttention.Tests.Pipeline;
using MlAttention.Tests.Serving;
using MlAttention.Tests.Training;

namespace MlAttention.Tests;

/// <summary>The test assembly as a program: what tests start in processes of their own, to kill them or to compare them.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["train", var engine, var checkpoints, var result, var last]:
                KilledRun.Train(Enum.Parse<EngineKind>(engine), checkpoints, result, int.Parse(last, CultureInfo.InvariantCulture));
                break;
            case ["fit", var models]:
                SavedPipelines.Fit(models);
                break;
            case ["load", var models, var values]:
                SavedPipelines.Load(models, values);
                break;
            case ["score", var model, var textClassifier]:
                ScoringProcess.Run(model, textClassifier);
                break;
            case ["probabilities", var model, var textClassifier, var huggingFace, var target]:
                FineTunedScores.Write(model, textClassifier, huggingFace, target);
                break;
            case ["resident"]:
                Console.WriteLine(ManagedEngineTests.ResidentOfALargeVocabulary().ToString(CultureInfo.InvariantCulture));
                break;
            case ["libtorch"]:
                LibTorchProcess.Run();
                break;
            default:
                throw new ArgumentException($"No test runs this: {string.Join(' ', arguments)}", nameof(arguments));
        }
    }
}
