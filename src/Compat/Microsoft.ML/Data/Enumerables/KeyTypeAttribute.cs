namespace Microsoft.ML.Data;

/// <summary>Makes a member's column a key; a value v of the member, 0 to count - 1, becomes the raw key v + 1.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count)
    {
        KeyCount = count;
    }

    internal ulong KeyCount { get; }
}
