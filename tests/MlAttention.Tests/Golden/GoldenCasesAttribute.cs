namespace MlAttention.Tests.Golden;

/// <summary>Marks a theory whose first argument is the name of a case of a golden file.</summary>
/// <param name="file">The file, for example "mha.json".</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenCasesAttribute(string file) : Attribute
{
    public string File => file;
}
