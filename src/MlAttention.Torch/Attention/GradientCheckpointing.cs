namespace MlAttention;

/// <summary>
/// Gradient checkpointing: a part of a model keeps only its input and computes itself again in the backward pass.
/// Same gradients, memory of one part instead of all, about a third more time.
/// </summary>
/// <remarks>
/// Dropout draws the same numbers in both computations: on a CPU the random state is put back, on CUDA the part is seeded.
/// Source: Chen et al. 2016, section 3.
/// </remarks>
public static class GradientCheckpointing
{
    /// <summary>Runs a part of a model so that the backward pass computes it again.</summary>
    /// <param name="part">The part; it must depend on nothing else that is trained.</param>
    /// <param name="input">Its input.</param>
    /// <param name="parameters">The trained parameters of the part.</param>
    /// <returns>part(input).</returns>
    public static Tensor Run(Func<Tensor, Tensor> part, Tensor input, IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(parameters);
        if (!is_grad_enabled()) return part(input);
        using var scope = NewDisposeScope();
        Parameter[] trained = [.. parameters.Where(parameter => parameter.requires_grad)];
        object[] arguments = [new Recomputed(part, trained), input, .. trained];
        return RecomputedFunction.apply(arguments).MoveToOuterDisposeScope();
    }

    private sealed record Recomputed(Func<Tensor, Tensor> Part, Parameter[] Parameters);

    private sealed class RecomputedFunction : autograd.SingleTensorFunction<RecomputedFunction>
    {
        public override string Name => nameof(GradientCheckpointing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var input = (Tensor)vars[1];
            var randomState = get_rng_state();
            ctx.save_data(nameof(Recomputed), vars[0]);
            ctx.save_data(nameof(DropoutSource), DropoutSource.Position);
            ctx.save_for_backward([input, randomState]);
            SeedCuda(input, randomState);
            return ((Recomputed)vars[0]).Part(input);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = NewDisposeScope();
            var (part, parameters) = (Recomputed)ctx.get_data(nameof(Recomputed));
            var saved = ctx.get_saved_variables();
            var input = saved[0].detach().requires_grad_();
            var stateNow = get_rng_state();
            var positionNow = DropoutSource.Position;
            set_rng_state(saved[1]);
            DropoutSource.Position = (int)ctx.get_data(nameof(DropoutSource));
            SeedCuda(input, saved[1]);
            Tensor output;
            using (enable_grad()) output = part(input);
            set_rng_state(stateNow);
            DropoutSource.Position = positionNow;
            return [null!, .. Gradients.Of(output, [input, .. parameters], grad_output).Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
        }

        /// <summary>TorchSharp cannot read CUDA's random state, so the part gets a seed made from the CPU's.</summary>
        private static void SeedCuda(Tensor input, Tensor randomState)
        {
            if (input.device_type != DeviceType.CUDA) return;
            var seed = new HashCode();
            seed.AddBytes(randomState.bytes);
            cuda.manual_seed(seed.ToHashCode());
        }
    }
}

/// <summary>Gradients where some inputs may not have been used.</summary>
internal static class Gradients
{
    /// <summary>The gradient by each input; null by one that the output does not depend on.</summary>
    public static Tensor?[] Of(Tensor output, IList<Tensor> by, Tensor dOutput) =>
        [.. autograd.grad([output], by, [dOutput], allow_unused: true).Select(DefinedOrNull)];

    /// <summary>TorchSharp gives a tensor without content for the gradient of what was not used; it is disposed.</summary>
    private static Tensor? DefinedOrNull(Tensor? gradient)
    {
        if (gradient is not { IsInvalid: true }) return gradient;
        gradient.Dispose();
        return null;
    }
}
