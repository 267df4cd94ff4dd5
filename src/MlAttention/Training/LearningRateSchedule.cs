namespace MlAttention.Training;

/// <summary>How the learning rate falls after warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine, from the full rate to 0 (Loshchilov and Hutter 2017).</summary>
    Cosine,
    /// <summary>A straight line from the full rate to 0.</summary>
    Linear,
    /// <summary>No fall.</summary>
    Constant,
}
