namespace MlAttention.Core.Managed.Network;

/// <summary>The head over each token's vector in place of a pooled one, one after another.</summary>
internal sealed unsafe class TokenHead<T>(ClassifierHead head, Objective objective, StoredModel<T> model, double smoothing) : ITokenHead<T> where T : struct, ILanes<T>
{
    private readonly int _classes = model.Classes;
    private readonly float[] _logits = new float[model.Classes];

    public void Forward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, Span<float> logits)
    {
        TokenLayout<T>.ToRows(space.Encoded, blocks, model.Width, space.Rows);
        for (int row = from; row < to; row++)
        {
            var ofRow = logits.Slice(row * batch.Length * _classes, batch.Length * _classes);
            for (int position = 0; position < batch.Lengths[row]; position++)
                head.Forward(Vector(space, starts[row - from] + position), model.Weights.Values, ofRow.Slice(position * _classes, _classes));
            ofRow[(batch.Lengths[row] * _classes)..].Clear();
        }
    }

    public double Backward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, float scale, WorkerGradients<T> gradients)
    {
        float* weights = model.Weights.Values;
        double loss = 0;
        int tokens = 0;
        TokenLayout<T>.ToRows(space.Encoded, blocks, model.Width, space.Rows);
        for (int row = from; row < to; row++)
        {
            float weight = batch.RowWeights.Length == 0 ? 1 : batch.RowWeights[row];
            for (int position = 0; position < batch.Lengths[row]; position++, tokens++)
            {
                float* vector = Vector(space, starts[row - from] + position);
                int place = row * batch.Length + position;
                var gradient = new Span<float>(vector, model.Width);
                if (batch.Targets.Labels[place] == Targets.Ignored)
                {
                    gradient.Clear();
                    continue;
                }
                head.Forward(vector, weights, _logits);
                loss += weight * objective.Backward(_logits, batch.Targets, place, scale * weight, smoothing);
                head.Backward(vector, weights, _logits, space.DPooled, gradients.Values);
                gradient.Clear();
                new ReadOnlySpan<float>(space.DPooled, model.Options.ModelWidth).CopyTo(gradient);
            }
        }
        new Span<float>(Vector(space, tokens), (blocks * T.Count - tokens) * model.Width).Clear();      // lanes without a token
        TokenLayout<T>.FromRows(space.Rows, blocks, model.Width, space.DStream);
        return loss;
    }

    private float* Vector(Workspace<T> space, int token) => space.Rows + (nint)token * model.Width;
}
