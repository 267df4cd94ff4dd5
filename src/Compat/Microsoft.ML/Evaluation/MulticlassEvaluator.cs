using System.Globalization;
using Microsoft.ML.Compat;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Evaluates a classifier's scores in one pass over the data.</summary>
internal static class MulticlassEvaluator
{
    public static MulticlassClassificationMetrics Evaluate(IHostEnvironment environment, IDataView data, string labelName, string scoreName, string predictedLabelName, int topK)
    {
        DataViewSchema.Column label = Find(data.Schema, "Label", labelName);
        DataViewSchema.Column score = Find(data.Schema, "Score", scoreName);
        Find(data.Schema, "PredictedLabel", predictedLabelName);
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
        {
            throw Guard.SchemaMismatch("score", score.Name, "vector of two or more items of type Single", score.Type.ToString(), "schema");
        }

        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
        {
            throw Guard.SchemaMismatch("label", label.Name, "Single or Key", label.Type.ToString(), "schema");
        }

        var counters = new MulticlassCounters(vector.Size);
        (int unlabeled, int badScores) = Count(data, label, score, counters);
        using IChannel channel = environment.Start("Evaluation");
        Warn(channel, unlabeled, "of the examples have no label; they were skipped");
        Warn(channel, badScores, "of the examples have scores that are not finite; they were skipped");
        return new MulticlassClassificationMetrics(counters, ClassNames(score, vector.Size), topK);
    }

    private static (int Unlabeled, int BadScores) Count(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, MulticlassCounters counters)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        Func<int?> readLabel = LabelReader(cursor, label);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        var scores = new float[((VectorDataViewType)score.Type).Size];
        int unlabeled = 0;
        int badScores = 0;
        while (cursor.MoveNext())
        {
            if (readLabel() is not int actual)
            {
                unlabeled++;
                continue;
            }

            getScore(ref buffer);
            if (buffer.Length != scores.Length)
            {
                throw new InvalidOperationException($"Column '{score.Name}' is {score.Type}, but a row has {buffer.Length} scores");
            }

            buffer.CopyTo(scores);
            if (Array.Exists(scores, value => !float.IsFinite(value)))
            {
                badScores++;
                continue;
            }

            counters.Add(actual, scores);
        }

        return (unlabeled, badScores);
    }

    /// <summary>Reads the index of the class, or null when it is missing.</summary>
    private static Func<int?> LabelReader(DataViewRowCursor row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType key)
        {
            ValueGetter<ulong> getKey = KeyNumbers.Getter(row, label);
            ulong number = 0;
            return () =>
            {
                getKey(ref number);
                return number > 0 && number <= key.Count ? (int)Math.Min(number - 1, int.MaxValue) : null;
            };
        }

        ValueGetter<float> getNumber = row.GetGetter<float>(label);
        float value = 0;
        return () =>
        {
            getNumber(ref value);
            return value >= 0 && value == (int)value ? (int)value : null;
        };
    }

    private static string[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (!score.HasSlotNames())
        {
            return [.. Enumerable.Range(0, classes).Select(index => index.ToString(CultureInfo.InvariantCulture))];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name)
    {
        Guard.NotEmpty(name, role);
        return schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), $"{role} column '{name}' not found");
    }

    private static void Warn(IChannel channel, int count, string what)
    {
        if (count > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{count} {what}.");
        }
    }
}
