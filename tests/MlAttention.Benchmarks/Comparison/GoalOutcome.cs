namespace MlAttention.Benchmarks.Comparison;

/// <summary>A goal and what was reached; all figures of one outcome come from one run.</summary>
/// <param name="Goal">What is to be reached, such as "training, n = 128, dropout 0.1".</param>
/// <param name="Peer">What ours is measured against.</param>
/// <param name="PeerValue">The peer's figure.</param>
/// <param name="Ours">Our figure, in the same unit.</param>
/// <param name="Unit">Of both figures.</param>
/// <param name="Reached">The ratio or share that the goal is about.</param>
/// <param name="Required">The least of it, or with <paramref name="AtMost"/> the most.</param>
/// <param name="AtMost">Whether less is better.</param>
/// <param name="Floor">Our figure if there were nothing but matrix products, where that means something.</param>
internal sealed record GoalOutcome(string Goal, string Peer, double PeerValue, double Ours, string Unit, double Reached, double Required, bool AtMost = false, double? Floor = null)
{
    public bool IsMet => AtMost ? Reached <= Required : Reached >= Required;

    /// <summary>The goal that ours is so many times faster than the peer.</summary>
    public static GoalOutcome Faster(string goal, string peer, double peerTime, double ourTime, string unit, double times, double? floor = null) =>
        new(goal, peer, peerTime, ourTime, unit, peerTime / ourTime, times, Floor: floor);
}
