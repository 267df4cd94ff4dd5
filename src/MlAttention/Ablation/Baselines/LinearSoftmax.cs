using MlAttention.Randomness;

namespace MlAttention.Ablation.Baselines;

/// <summary>
/// Multinomial logistic regression on sparse counts: p = softmax(W x + b), trained by AdaGrad on the cross-entropy.
/// Rows are scaled to unit length, so that one learning rate fits short and long texts.
/// </summary>
internal sealed class LinearSoftmax
{
    private const double LearningRate = 0.5, Epsilon = 1e-8, Decay = 1e-5;
    private readonly int _features, _classes;
    private readonly double[] _weights, _squares;

    private LinearSoftmax(int features, int classes)
    {
        (_features, _classes) = (features, classes);
        _weights = new double[(features + 1) * classes];
        _squares = new double[_weights.Length];
    }

    /// <summary>Number of parameters.</summary>
    public int Parameters => _weights.Length;

    /// <summary>Trains on rows of (feature, value) pairs.</summary>
    public static LinearSoftmax Train(IReadOnlyList<SparseRow> rows, int[] labels, int features, int classes, int epochs, long seed)
    {
        var model = new LinearSoftmax(features, classes);
        var random = Xoshiro256.For(seed, "linear softmax");
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        double[] probabilities = new double[classes];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order.AsSpan());
            foreach (int row in order) model.Step(rows[row], labels[row], probabilities);
        }
        return model;
    }

    /// <summary>The most probable class; of equal ones the first.</summary>
    public int Predict(SparseRow row)
    {
        double[] scores = new double[_classes];
        Score(row, scores);
        int best = 0;
        for (int c = 1; c < _classes; c++)
            if (scores[c] > scores[best]) best = c;
        return best;
    }

    private void Step(SparseRow row, int label, double[] probabilities)
    {
        Score(row, probabilities);
        Softmax(probabilities);
        for (int c = 0; c < _classes; c++)
        {
            double error = probabilities[c] - (c == label ? 1 : 0);
            for (int i = 0; i < row.Features.Length; i++) Update(row.Features[i] * _classes + c, error * row.Values[i]);
            Update(_features * _classes + c, error);
        }
    }

    private void Update(int index, double gradient)
    {
        gradient += Decay * _weights[index];
        _squares[index] += gradient * gradient;
        _weights[index] -= LearningRate * gradient / (Math.Sqrt(_squares[index]) + Epsilon);
    }

    private void Score(SparseRow row, double[] scores)
    {
        for (int c = 0; c < _classes; c++)
        {
            double sum = _weights[_features * _classes + c];
            for (int i = 0; i < row.Features.Length; i++) sum += _weights[row.Features[i] * _classes + c] * row.Values[i];
            scores[c] = sum;
        }
    }

    private static void Softmax(double[] scores)
    {
        double largest = scores.Max(), sum = 0;
        for (int c = 0; c < scores.Length; c++) sum += scores[c] = Math.Exp(scores[c] - largest);
        for (int c = 0; c < scores.Length; c++) scores[c] /= sum;
    }
}
