using Microsoft.ML.Compat;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Trains a maximum entropy classifier: p(c | x) = softmax(W x + b), with the weights that minimise
/// the sum over the examples of -log p(label | x), plus L2 / 2 times the squared weights, plus L1 times the absolute weights.
/// </summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : TrainerEstimatorBase<MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    private readonly IHost _host;
    private readonly float _l1;
    private readonly float _l2;
    private readonly float _tolerance;
    private readonly int _historySize;

    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment environment, string label, string feature, string weight, float l1, float l2, float tolerance, int historySize)
        : base(
            new SchemaShape.Column(feature, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false),
            new SchemaShape.Column(label, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            weight is null ? default : new SchemaShape.Column(weight, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false))
    {
        Guard.Param(l1 >= 0, "l1Regularization", "Must be non-negative");
        Guard.Param(l2 >= 0, "l2Regularization", "Must be non-negative");
        Guard.Param(tolerance > 0, "optimizationTolerance", "Must be positive");
        Guard.Param(historySize > 0, nameof(historySize), "Must be positive");
        _host = environment.Register(nameof(LbfgsMaximumEntropyMulticlassTrainer));
        _l1 = l1;
        _l2 = l2;
        _tolerance = tolerance;
        _historySize = historySize;
    }

    public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(IDataView data)
    {
        using IChannel channel = _host.Start("Training");
        DataViewSchema.Column label = data.Schema[LabelColumn.Name];
        DataViewSchema.Column feature = data.Schema[FeatureColumn.Name];
        var examples = TrainingExamples.Read(data, feature, label, WeightColumn.IsValid ? data.Schema[WeightColumn.Name] : null);
        if (examples.Skipped > 0)
        {
            channel.Warning(MessageSensitivity.None, $"Skipped {examples.Skipped} instances with missing features/label/weight during training");
        }

        int classes = checked((int)((KeyDataViewType)label.Type).Count);
        int features = ((VectorDataViewType)feature.Type).Size;
        var objective = new MaximumEntropyObjective(examples, classes, features, _l2);
        var optimizer = new OrthantWiseOptimizer(objective.Evaluate, objective.BiasCount, _l1 / examples.TotalWeight, _historySize, _tolerance);
        double[] parameters = optimizer.Minimize(new double[objective.ParameterCount]);
        channel.Info(MessageSensitivity.None, $"Trained {classes} classes on {examples.Count} instances.");
        var model = new MaximumEntropyModelParameters(classes, features, [.. parameters.Select(value => (float)value)]);
        return new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(model, new MulticlassScoring(model, feature.Name, feature.Type, LabelValues.Of(label)));
    }

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label)
    {
        SchemaShape.Column[] common =
        [
            new(AnnotationKinds.ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            new(AnnotationKinds.ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
            new(AnnotationKinds.ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
        ];
        var score = new List<SchemaShape.Column>(common);
        var predicted = new List<SchemaShape.Column>(common);
        if (label.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values))
        {
            predicted.Add(values);
            score.Add(new SchemaShape.Column(AnnotationKinds.TrainingLabelValues, values.Kind, values.ItemType, values.IsKey));
            if (values.ItemType is TextDataViewType)
            {
                score.Add(new SchemaShape.Column(AnnotationKinds.SlotNames, values.Kind, values.ItemType, isKey: false));
            }
        }

        return
        [
            new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, new SchemaShape(score)),
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape(predicted)),
        ];
    }
}
