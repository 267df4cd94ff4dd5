using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The weights of a maximum entropy classifier.</summary>
public sealed class MaximumEntropyModelParameters : IMulticlassModel
{
    private readonly int _classes;
    private readonly int _features;
    private readonly float[] _parameters;

    // The biases, then the weights class by class.
    internal MaximumEntropyModelParameters(int classes, int features, float[] parameters)
    {
        _classes = classes;
        _features = features;
        _parameters = parameters;
    }

    internal MaximumEntropyModelParameters(ModelReader reader)
        : this(reader.ReadInt32(), reader.ReadInt32(), reader.ReadValues<float>())
    {
        if (_classes <= 0 || _features <= 0 || _parameters.Length != _classes + ((long)_classes * _features))
        {
            throw reader.Invalid($"{_parameters.Length} parameters do not make {_classes} classes of {_features} features");
        }
    }

    internal int Features => _features;

    int IMulticlassModel.Classes => _classes;

    void IMulticlassModel.Score(in VBuffer<float> features, Span<float> probabilities)
    {
        for (int c = 0; c < _classes; c++)
        {
            probabilities[c] = _parameters[c];
            foreach ((int slot, float value) in features.Items())
            {
                probabilities[c] += _parameters[_classes + (c * _features) + slot] * value;
            }
        }

        float highest = float.NegativeInfinity;
        foreach (float score in probabilities)
        {
            highest = Math.Max(highest, score);
        }

        float sum = 0;
        foreach (ref float score in probabilities)
        {
            score = MathF.Exp(score - highest);
            sum += score;
        }

        foreach (ref float probability in probabilities)
        {
            probability /= sum;
        }
    }

    void IMulticlassModel.Save(ModelWriter writer)
    {
        writer.Write(_classes);
        writer.Write(_features);
        writer.WriteValues<float>(_parameters);
    }
}
