using MlAttention.Benchmarks.Peers;
using MlAttention.Core.Managed;
using MlAttention.Torch.Engine;

namespace MlAttention.Benchmarks.Comparison.Contestants;

/// <summary>All contestants, in the order of the columns.</summary>
internal static class Roster
{
    public static IContestant Nn { get; } = new PeerContestant("nn", setting => new NnPeer(setting.Model, setting.Length, setting.Dropout));

    public static IContestant ByHand { get; } = new PeerContestant("by hand", setting => new HandPeer(setting.Model, setting.Length, setting.Dropout));

    public static EngineContestant TorchSharp { get; } = new("TorchSharp engine", new TorchSharpProvider());

    public static EngineContestant Managed { get; } = new("managed engine", new ManagedEngineProvider());

    public static IReadOnlyList<IContestant> All { get; } = [Nn, ByHand, TorchSharp, Managed];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(contestant => contestant.Name)];

    /// <summary>The faster of the two peers.</summary>
    public static (string Name, double Time) BestPeer(IReadOnlyDictionary<string, double> times) => Best(times, Nn, ByHand);

    /// <summary>The fastest of all but the managed engine.</summary>
    public static (string Name, double Time) BestOther(IReadOnlyDictionary<string, double> times) => Best(times, Nn, ByHand, TorchSharp);

    /// <summary>The largest difference of a logit from those of the first contestant, relative to the largest of these, without dropout.</summary>
    public static double LogitDifference(Setting setting)
    {
        var logits = All.Select(contestant => Logits(contestant, setting)).ToArray();
        var largest = logits[0].Max(Math.Abs);
        return logits.Max(other => other.Zip(logits[0], (a, b) => Math.Abs(a - b)).Max()) / largest;
    }

    private static float[] Logits(IContestant contestant, Setting setting)
    {
        var logits = new float[setting.Rows * ReferenceModel.Classes];
        using var pass = contestant.Score(setting, logits);
        pass.Run();
        return logits;
    }

    private static (string Name, double Time) Best(IReadOnlyDictionary<string, double> times, params IEnumerable<IContestant> contestants) =>
        contestants.Select(contestant => (contestant.Name, times[contestant.Name])).MinBy(pair => pair.Item2);
}
