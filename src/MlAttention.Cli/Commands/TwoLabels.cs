using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Cli.Commands;

/// <summary>The check that there is something to tell apart.</summary>
internal static class TwoLabels
{
    /// <summary>Fails, before anything is trained or written, unless the rows have two labels. Reads no further than to the second.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="name">The view's column of labels.</param>
    /// <param name="column">What the files call it.</param>
    /// <exception cref="InputException">They have fewer; the message names what there is.</exception>
    public static void Require(IDataView data, string name, string column)
    {
        string[] labels = [.. data.GetColumn<string>(name).Where(label => !string.IsNullOrWhiteSpace(label)).Distinct().Take(2)];
        if (labels.Length < 2) throw new InputException($"The data has {(labels.Length == 0 ? $"no label in column '{column}'" : $"only the label '{labels[0]}' in column '{column}'")}; a classifier needs at least 2.");
    }
}
