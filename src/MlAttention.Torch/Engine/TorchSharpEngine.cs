namespace MlAttention.Torch.Engine;

/// <summary>Trains a module with libtorch's kernels and autograd: every variant of a classifier, and what the managed engine has not; CPU or GPU. The reference.</summary>
/// <remarks>
/// One dispose scope for each call, so that the number of native tensors does not grow. The caller's torch random state and
/// number of threads are as before when a call returns and when the engine is disposed.
/// </remarks>
internal sealed class TorchSharpEngine : ISequenceEngine
{
    private readonly EngineConfiguration _configuration;
    private readonly Device _device;
    private readonly TorchModel _model;
    private readonly TorchParameters _parameters;
    private readonly Optimizer _optimizer;
    private readonly TensorOptimizer? _onDevice;
    private readonly int _callersThreads;
    private readonly bool _drawsFromTorch;

    /// <summary>Creates an engine of a classifier with the initial weights of the configuration's seed.</summary>
    public TorchSharpEngine(EngineConfiguration configuration) : this(configuration, device => TorchModel.Classifier(configuration, device))
    {
    }

    /// <summary>Creates an engine with the initial weights of the configuration's seed.</summary>
    /// <param name="configuration">How it is trained, and what for.</param>
    /// <param name="create">Makes what is trained.</param>
    public TorchSharpEngine(EngineConfiguration configuration, Func<Device, TorchModel> create)
    {
        NativeAllocator.Tune();
        _configuration = configuration;
        _callersThreads = get_num_threads();
        if (configuration.Compute.Threads > 0) set_num_threads(configuration.Compute.Threads);
        _device = TorchDevice.Of(configuration.Compute.Device);
        _drawsFromTorch = _device.type != DeviceType.CPU || configuration.Model.Algorithm != AttentionAlgorithm.Full;
        _model = create(_device);
        _parameters = new TorchParameters(_model.Module, _model.Layout, configuration.IsFrozen);
        _parameters.Set(WeightInitializer.Create(_parameters.Layout, configuration.Seed, configuration.InitialWeights));
        _optimizer = Optimizer.Create(_parameters.Layout, configuration.Optimizer);
        if (_device.type != DeviceType.CPU) _onDevice = new TensorOptimizer(configuration.Optimizer, _optimizer, _parameters.All, _parameters.Layout);
    }

    public string Name => _model.Name;

    /// <summary>Names and shapes in the module's order.</summary>
    public IReadOnlyList<WeightShape> Layout => _parameters.Layout;

    public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed)
    {
        using var scope = NewDisposeScope();
        using var random = _drawsFromTorch ? TorchRandomState.Seeded(dropoutSeed) : null;
        using var dropout = DropoutSource.Open(dropoutSeed);
        _model.Module.train();
        var logits = _model.Logits(batch, _device);                                    // [B,C], or [B,L,C] or [P,C] of tokens
        var losses = TorchLoss.Of(_configuration.Model.Task, logits, batch, _configuration.LabelSmoothing);
        if (batch.RowWeights.Length > 0) losses = losses * tensor(batch.RowWeights, device: _device);
        var sum = losses.sum();
        (sum * Number(scale)).backward();
        return sum.item<float>();
    }

    public double Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        var norm = _onDevice?.Step(learningRate) ?? _parameters.Step(_optimizer, learningRate);
        _model.Module.zero_grad();
        return norm;
    }

    public void Score(TokenBatch batch, Span<float> logits)
    {
        _model.Module.eval();
        TorchSharpScorer.Run(() => _model.Logits(batch, _device), logits);
    }

    public IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null) => _parameters.Get(earlier);

    public void SetWeights(IReadOnlyList<WeightTensor> weights) => _parameters.Set(weights);

    public IReadOnlyList<WeightTensor> GetOptimizerState() => _onDevice?.GetState() ?? _optimizer.GetState();

    public void SetOptimizerState(IReadOnlyList<WeightTensor> state)
    {
        if (_onDevice is null) _optimizer.SetState(state);
        else _onDevice.SetState(state);
    }

    public void Dispose()
    {
        _model.Module.Dispose();
        if (_configuration.Compute.Threads > 0) set_num_threads(_callersThreads);
    }
}

/// <summary>Keeps the caller's torch random state: what is drawn while this is open leaves no trace. Needs an open dispose scope.</summary>
internal sealed class TorchRandomState : IDisposable
{
    private readonly Tensor _before = get_rng_state();

    /// <summary>Opens a random state that follows from the seed alone; disposing it gives the caller's state back.</summary>
    public static TorchRandomState Seeded(ulong seed)
    {
        var state = new TorchRandomState();
        manual_seed(unchecked((long)seed));
        return state;
    }

    /// <summary>Gives the caller's state back.</summary>
    public void Dispose()
    {
        set_rng_state(_before);
        _before.Dispose();
    }
}
