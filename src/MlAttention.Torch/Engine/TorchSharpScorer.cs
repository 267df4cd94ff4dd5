namespace MlAttention.Torch.Engine;

/// <summary>
/// Scores with a frozen module. A forward pass in evaluation mode changes nothing that another thread sees, so any number of
/// threads share one module without locks; each works in a dispose scope of its own.
/// </summary>
internal sealed class TorchSharpScorer : ISequenceScorer
{
    private readonly TorchModel _model;
    private readonly SequenceClassifier _module;
    private readonly Device _device;

    /// <summary>Creates the scorer. The module's native memory is freed with the scorer, by the garbage collector.</summary>
    public TorchSharpScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
    {
        _device = TorchDevice.Of(configuration.Compute.Device);
        _model = TorchModel.Classifier(configuration, _device);
        _module = (SequenceClassifier)_model.Module;
        new TorchParameters(_module).Set(weights);
        _module.eval();
    }

    public string EngineName => nameof(EngineKind.TorchSharp);

    public void Score(TokenBatch batch, Span<float> logits) => Run(() => _model.Logits(batch, _device), logits);

    public void EncodeTokens(TokenBatch batch, Span<float> vectors) => Run(_module.TokenVectors, _device, batch, vectors);

    public void Encode(TokenBatch batch, Span<float> vectors) => Run(_module.Vectors, _device, batch, vectors);

    public void PathGradients(TokenBatch batch, TokenPath path, Span<float> gradients)
    {
        using var scope = NewDisposeScope();
        var inputs = TorchBatch.Of(batch, _device);
        Tensor own, baseline;
        using (no_grad()) (own, baseline) = (_module.Lookup(inputs.Tokens), _module.Lookup(TorchBatch.Of(batch, path.Baselines, _device)));     // [B,L,D]
        var shares = tensor(path.Shares.AsSpan(0, batch.Rows).ToArray(), device: _device).unsqueeze(1).expand(-1, batch.Length).contiguous().requires_grad_();      // [B,L]
        var logits = _module.LogitsOf(baseline.Plus(shares.unsqueeze(2) * (own - baseline)), inputs.Tokens, inputs.Mask);                                      // [B,C]
        var slopes = logits.detach().cpu().ToFloats();
        var classes = slopes.Length / batch.Rows;
        for (var row = 0; row < batch.Rows; row++) path.Slope(row, slopes.AsSpan(row * classes, classes));
        var result = autograd.grad([logits], [shares], [tensor(slopes, logits.shape, device: _device)])[0];
        if (inputs.Mask is { } mask) result = result.masked_fill(mask.logical_not(), Number(0));
        result.cpu().contiguous().Floats().CopyTo(gradients);
    }

    /// <summary>The rows that a module in evaluation mode gives of a batch.</summary>
    private static void Run(Func<Tensor, Tensor?, Tensor> forward, Device device, TokenBatch batch, Span<float> result) => Run(
        () =>
        {
            var inputs = TorchBatch.Of(batch, device);
            return forward(inputs.Tokens, inputs.Mask);
        },
        result);

    /// <summary>The numbers of a tensor that is computed without gradients: [B,C], [B,L,C], [P,C], [B,D] or [B,L,D].</summary>
    internal static void Run(Func<Tensor> compute, Span<float> result)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        compute().cpu().contiguous().Floats().CopyTo(result);
    }
}

/// <summary>A batch as the classifier takes it: tokens [B,L] int64 and mask [B,L], True = a real token; no mask where all are.</summary>
/// <remarks>
/// Each tensor lies over one pinned array of .NET, without a copy and without a tensor for each row; the array is unpinned when
/// the tensor is disposed of. The tensors belong to the open dispose scope.
/// </remarks>
internal readonly record struct TorchBatch(Tensor Tokens, Tensor? Mask)
{
    /// <summary>The batch on a device.</summary>
    public static TorchBatch Of(TokenBatch batch, Device device)
    {
        var padded = batch.Lengths.AsSpan(0, batch.Rows).ContainsAnyExcept(batch.Length);
        var mask = padded ? new bool[batch.Rows, batch.Length] : null;
        for (var row = 0; row < batch.Rows && mask is not null; row++)
            for (var column = 0; column < batch.Length; column++) mask[row, column] = column < batch.Lengths[row];
        return new TorchBatch(Of(batch, batch.Tokens, device), mask is null ? null : from_array(mask, device));
    }

    /// <summary>The places among B L whose tokens are to be predicted, int64 [P]; null where all vectors of a batch go to the head.</summary>
    public static Tensor? Places(EngineConfiguration configuration, TokenBatch batch, Device device) => configuration.Model.Task.PredictsTokens && batch.Targets.Count > 0
        ? from_array(Array.ConvertAll(batch.Targets.LabelledPlaces(), place => (long)place), device)
        : null;

    /// <summary>Ids [B,L] int64 that are laid out as the batch's tokens.</summary>
    public static Tensor Of(TokenBatch batch, int[] ids, Device device)
    {
        var tokens = new long[batch.Rows, batch.Length];
        for (var row = 0; row < batch.Rows; row++)
            for (var column = 0; column < batch.Length; column++) tokens[row, column] = ids[row * batch.Length + column];
        return from_array(tokens, device);
    }
}
