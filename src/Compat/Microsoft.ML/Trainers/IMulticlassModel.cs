using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A model that gives each class a probability.</summary>
internal interface IMulticlassModel
{
    int Classes { get; }

    void Score(in VBuffer<float> features, Span<float> probabilities);

    void Save(ModelWriter writer);
}
