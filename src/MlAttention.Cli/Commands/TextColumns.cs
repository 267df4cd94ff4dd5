namespace MlAttention.Cli.Commands;

/// <summary>Names of the columns of a CSV file.</summary>
/// <param name="Text">Column of the texts.</param>
/// <param name="Label">Column of the labels.</param>
/// <param name="Group">Column of the groups; null takes "Group" if there is one.</param>
internal sealed record TextColumns(string Text, string Label, string? Group);
