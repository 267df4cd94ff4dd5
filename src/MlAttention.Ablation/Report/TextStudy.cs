namespace MlAttention.Ablation.Report;

/// <summary>Which test texts the main comparison's two variants get right, by the vote of their seeds, and the texts themselves.</summary>
/// <param name="First">The variant with order.</param>
/// <param name="Second">The variant without.</param>
/// <param name="Outcomes">How many of all test texts have each outcome, in the order of <see cref="TextOutcome"/>.</param>
/// <param name="Texts">Some of the texts: whole groups, those first on which the variants disagree; none where they are not to be shown.</param>
internal sealed record TextStudy(AblationVariant First, AblationVariant Second, IReadOnlyList<int> Outcomes, IReadOnlyList<TestedText> Texts);

/// <summary>Who is right about a text.</summary>
internal enum TextOutcome
{
    /// <summary>Both variants.</summary>
    BothRight,
    /// <summary>Only the variant with order.</summary>
    OnlyFirst,
    /// <summary>Only the variant without order.</summary>
    OnlySecond,
    /// <summary>Neither.</summary>
    BothWrong,
}

/// <summary>One test text and what was said of it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">Its class, an index.</param>
/// <param name="Group">Its group; null where texts stand alone.</param>
/// <param name="First">What the variant with order says.</param>
/// <param name="Second">What the variant without order says.</param>
/// <param name="Changed">Share of random orders of the text, over the seeds, for which the variant with order changes its answer; null where that was not tested.</param>
internal sealed record TestedText(string Text, int Label, int? Group, TextVote First, TextVote Second, double? Changed)
{
    /// <summary>Who is right.</summary>
    [JsonIgnore]
    public TextOutcome Outcome => Of(Label, First, Second);

    /// <summary>Who is right about a label.</summary>
    public static TextOutcome Of(int label, TextVote first, TextVote second) =>
        first.Class == label ? second.Class == label ? TextOutcome.BothRight : TextOutcome.OnlyFirst : second.Class == label ? TextOutcome.OnlySecond : TextOutcome.BothWrong;
}

/// <summary>The vote of a variant's seeds on a text.</summary>
/// <param name="Class">The class with most votes, the first of several.</param>
/// <param name="For">Votes for it.</param>
/// <param name="All">All votes: one of each seed, or of each seed and shuffle where the variant's test texts are shuffled.</param>
/// <param name="Label">Mean over all votes of the probability that the text's label was given; null where the runs kept none.</param>
internal readonly record struct TextVote(int Class, int For, int All, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Label = null);
