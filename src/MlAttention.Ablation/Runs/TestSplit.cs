using Microsoft.ML.Data;
using MlAttention.Rows;
using MlAttention.Schema;

namespace MlAttention.Ablation.Runs;

/// <summary>Sets the test texts of an ablation apart: whole groups where the plan names a group column, otherwise the same share of each label.</summary>
internal static class TestSplit
{
    /// <summary>The plan's TestFraction of the rows, chosen by its SplitSeed, and the others; both in the order of the data.</summary>
    /// <exception cref="ArgumentException">One of the two would be empty.</exception>
    public static (IDataView Train, IDataView Test) Of(MLContext context, IDataView data, AblationPlan plan)
    {
        string[] values = Values(context, data, plan.GroupColumn ?? plan.LabelColumn);
        var (train, test) = plan.GroupColumn is null
            ? RowSplit.Stratified(values, plan.TestFraction, plan.SplitSeed)
            : RowSplit.Grouped(values, plan.TestFraction, plan.SplitSeed);
        if (train.Length == 0 || test.Length == 0) throw new ArgumentException(FormattableString.Invariant($"{values.Length} rows are too few for a test share of {plan.TestFraction}."));
        return (new RowSubset(data, train), new RowSubset(data, test));
    }

    private static string[] Values(MLContext context, IDataView data, string column)
    {
        const string Key = "SplitKey";
        var keyed = context.Transforms.Conversion.MapValueToKey(Key, column, addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);
        var names = keyed.Schema[Key].KeyTexts();
        return [.. keyed.GetColumn<uint>(Key).Select(key => key == 0 ? "" : names[(int)key - 1])];
    }
}
