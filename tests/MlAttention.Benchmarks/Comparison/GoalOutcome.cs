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
internal sealed record GoalOutcome(string Goal, string Peer, double PeerValue, double Ours, string Unit, double Reached, double Required, bool AtMost = false)
{
    public bool IsMet => AtMost ? Reached <= Required : Reached >= Required;

    /// <summary>The share of the requirement that is missing, such as 0.19; null when it is met or has no scale.</summary>
    public double? MissedBy => IsMet || Required == 0 ? null : Math.Abs(Reached / Required - 1);

    /// <summary>The goal that ours is so many times faster than the peer.</summary>
    public static GoalOutcome Faster(string goal, (string Name, double Time) peer, double ourTime, string unit, double times) =>
        new(goal, peer.Name, peer.Time, ourTime, unit, peer.Time / ourTime, times);

    /// <summary>The goal that ours takes at most so many times what its matrix products alone take.</summary>
    public static GoalOutcome OverFloor(string goal, double floor, double ourTime, double times) =>
        new(goal, "matrix products alone", floor, ourTime, "ms", ourTime / floor, times, AtMost: true);
}
