using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Trainers;

/// <summary>The examples of a training set in memory; those with a missing label, feature or weight are left out and counted.</summary>
internal sealed class TrainingExamples
{
    private readonly List<(float[] Features, int Label, float Weight)> _examples = [];

    public int Count => _examples.Count;

    public int Skipped { get; private set; }

    public double TotalWeight => _examples.Sum(example => (double)example.Weight);

    public IReadOnlyList<(float[] Features, int Label, float Weight)> Items => _examples;

    public static TrainingExamples Read(IDataView data, DataViewSchema.Column feature, DataViewSchema.Column label, DataViewSchema.Column? weight)
    {
        var examples = new TrainingExamples();
        using DataViewRowCursor cursor = data.GetRowCursor(weight is { } column ? [feature, label, column] : [feature, label]);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(feature);
        ValueGetter<ulong> getLabel = KeyNumbers.Getter(cursor, label);
        ValueGetter<float> getWeight = weight is { } weights ? cursor.GetGetter<float>(weights) : (ref float value) => value = 1;
        VBuffer<float> buffer = default;
        ulong key = 0;
        float importance = 0;
        while (cursor.MoveNext())
        {
            getFeatures(ref buffer);
            getLabel(ref key);
            getWeight(ref importance);
            float[] features = [.. buffer.DenseValues()];
            if (key == 0 || !float.IsFinite(importance) || !Array.TrueForAll(features, float.IsFinite))
            {
                examples.Skipped++;
            }
            else
            {
                examples._examples.Add((features, (int)(key - 1), importance));
            }
        }

        return examples.Count > 0
            ? examples
            : throw new InvalidOperationException("No valid training instances found, all instances have missing features.");
    }
}
