namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>The position schemes under which algorithms are compared.</summary>
public enum PositionCase
{
    None,
    Shaw,
    ShawKeysOnly,
    RelativeBias,
    AlibiSymmetric,
    AlibiOneSided,
}
