namespace Microsoft.ML.Data;

/// <summary>Gives a member's column a name other than the member's.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name)
    {
        ColumnName = name;
    }

    internal string ColumnName { get; }
}
