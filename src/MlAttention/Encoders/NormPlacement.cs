namespace MlAttention.Encoders;

/// <summary>Where layer normalisation stands in an encoder layer.</summary>
public enum NormPlacement
{
    /// <summary>Before each sublayer, with a final norm after the last layer (Xiong et al. 2020).</summary>
    Pre,
    /// <summary>After each residual sum (Vaswani et al. 2017).</summary>
    Post,
}
