namespace MlAttention.Persistence;

/// <summary>How large models in pipelines may be, so that a file can never ask for more memory than a model needs.</summary>
internal static class ModelLimits
{
    /// <summary>Longest sequence, widest window and largest distance, in tokens.</summary>
    public const int MaxTokens = 1 << 20;

    /// <summary>Widest token vector.</summary>
    public const int MaxWidth = 1 << 14;

    private const int MaxLayers = 1000;
    private const int MaxRandomFeatures = 1 << 16;
    private const int MaxFeedForwardWidth = 1 << 20;

    public static void Require(OptionErrors errors, SequenceModelOptions model)
    {
        RequireAtMost(errors, nameof(model.ModelWidth), model.ModelWidth, MaxWidth);
        RequireAtMost(errors, nameof(model.Layers), model.Layers, MaxLayers);
        RequireAtMost(errors, nameof(model.FeedForwardWidth), model.FeedForwardWidth, MaxFeedForwardWidth);
        RequireAtMost(errors, nameof(model.MaxLength), model.MaxLength, MaxTokens);
        RequireAttention(errors, model);
        Require(errors, model.PositionDetails);
    }

    public static void RequireAttention(OptionErrors errors, AttentionSettings attention)
    {
        RequireAtMost(errors, nameof(attention.WindowRadius), attention.WindowRadius, MaxTokens);
        RequireAtMost(errors, nameof(attention.AdditiveWidth), attention.AdditiveWidth ?? 1, MaxFeedForwardWidth);
        RequireAtMost(errors, nameof(attention.RandomFeatures), attention.RandomFeatures, MaxRandomFeatures);
    }

    public static void Require(OptionErrors errors, PositionOptions positions)
    {
        RequireAtMost(errors, nameof(positions.ClipDistance), positions.ClipDistance, MaxTokens);
        RequireAtMost(errors, nameof(positions.Buckets), positions.Buckets, MaxTokens);
    }

    public static void RequireAtMost(OptionErrors errors, string name, int value, int most) => errors.Require(value <= most, name, value, $"must be at most {most}");
}
