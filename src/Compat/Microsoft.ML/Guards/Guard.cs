namespace Microsoft.ML.Compat;

/// <summary>Argument checks of the stand-in; they throw the exception types that ML.NET throws.</summary>
internal static class Guard
{
    public static void NotNull(object value, string parameter)
    {
        if (value is null)
        {
            throw new ArgumentNullException(parameter);
        }
    }

    public static void NotEmpty(string value, string parameter)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ArgumentNullException(parameter);
        }
    }

    public static void Param(bool holds, string parameter, string message = "The value is out of range.")
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, message);
        }
    }

    public static ArgumentOutOfRangeException ColumnNotFound(string role, string name, string parameter = "inputSchema") =>
        new(parameter, $"Could not find {role} column '{name}'");

    public static ArgumentOutOfRangeException SchemaMismatch(string role, string name, string expected, string actual, string parameter = "inputSchema") =>
        new(parameter, $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");
}
