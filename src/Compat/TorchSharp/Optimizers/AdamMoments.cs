using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Running means of a parameter's gradient and of its square, as Adam and AdamW keep them.</summary>
internal sealed class AdamMoments(Parameter parameter) : OptimizerState(parameter)
{
    private long _step;
    private Tensor _mean;
    private Tensor _square;
    private Tensor _largestSquare;

    public override void Initialize(OptimizerOptions options)
    {
        DisposeTensors();
        _step = 0;
        _mean = zeros_like(_parameter).DetachFromDisposeScope();
        _square = zeros_like(_parameter).DetachFromDisposeScope();
        bool keepsLargest = options is Adam.Options { amsgrad: true } or AdamW.Options { amsgrad: true };
        _largestSquare = keepsLargest ? zeros_like(_parameter).DetachFromDisposeScope() : null;
    }

    /// <summary>
    /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
    /// parameter -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
    /// </summary>
    internal void Step(Tensor gradient, double rate, double beta1, double beta2, double epsilon)
    {
        _step++;
        _mean.mul_(beta1).add_(gradient, alpha: 1 - beta1);
        _square.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);
        if (_largestSquare is not null)
            _largestSquare.copy_(maximum(_largestSquare, _square));
        Tensor root = (_largestSquare ?? _square).sqrt();
        Tensor denominator = root.div_(Math.Sqrt(1 - Math.Pow(beta2, _step))).add_(epsilon);
        _parameter.addcdiv_(_mean, denominator, value: -rate / (1 - Math.Pow(beta1, _step)));
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(_step);
        _mean.Save(writer);
        _square.Save(writer);
        writer.Write(_largestSquare is not null);
        _largestSquare?.Save(writer);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        _step = reader.ReadInt64();
        _mean.Load(reader);
        _square.Load(reader);
        bool hasLargest = reader.ReadBoolean();
        if (!hasLargest)
        {
            _largestSquare?.Dispose();
            _largestSquare = null;
            return;
        }

        _largestSquare ??= zeros_like(_square).DetachFromDisposeScope();
        _largestSquare.Load(reader);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (AdamMoments)source;
        DisposeTensors();
        _step = other._step;
        _mean = other._mean.clone().DetachFromDisposeScope();
        _square = other._square.clone().DetachFromDisposeScope();
        _largestSquare = other._largestSquare?.clone().DetachFromDisposeScope();
    }

    internal override void DisposeTensors()
    {
        _mean?.Dispose();
        _square?.Dispose();
        _largestSquare?.Dispose();
    }
}
