using MlAttention.Core.Validation;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class PositionOptionsTests
{
    private static readonly SequenceModelOptions _shape = new() { ModelWidth = 12, Heads = 3, MaxLength = 9 };

    public static TheoryData<PositionScheme, string> Changes => new()
    {
        { PositionScheme.Sinusoidal, nameof(PositionOptions.SinusoidalBase) },
        { PositionScheme.Sinusoidal, nameof(PositionOptions.SinusoidalInterleaved) },
        { PositionScheme.Rotary, nameof(PositionOptions.RotaryBase) },
        { PositionScheme.Rotary, nameof(PositionOptions.RotaryInterleaved) },
        { PositionScheme.Rotary, nameof(PositionOptions.RotaryPositionScale) },
        { PositionScheme.ShawRelative, nameof(PositionOptions.ClipDistance) },
        { PositionScheme.RelativeBias, nameof(PositionOptions.Buckets) },
        { PositionScheme.RelativeBias, nameof(PositionOptions.MaxDistance) },
        { PositionScheme.Alibi, nameof(PositionOptions.AlibiOneSided) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Create_OneOptionChanged_ChangesTheSchemeThatReadsItAndNoOther(PositionScheme reader, string option)
    {
        using var scope = NewDisposeScope();
        var before = new PositionOptions { Buckets = 8, MaxDistance = 6, ClipDistance = 3 };
        var after = option switch
        {
            nameof(PositionOptions.SinusoidalBase) => before with { SinusoidalBase = 50 },
            nameof(PositionOptions.SinusoidalInterleaved) => before with { SinusoidalInterleaved = false },
            nameof(PositionOptions.RotaryBase) => before with { RotaryBase = 50 },
            nameof(PositionOptions.RotaryInterleaved) => before with { RotaryInterleaved = false },
            nameof(PositionOptions.RotaryPositionScale) => before with { RotaryPositionScale = 2 },
            nameof(PositionOptions.ClipDistance) => before with { ClipDistance = 2 },
            nameof(PositionOptions.Buckets) => before with { Buckets = 4 },
            nameof(PositionOptions.MaxDistance) => before with { MaxDistance = 4 },
            _ => before with { AlibiOneSided = false },
        };
        foreach (var scheme in Enum.GetValues<PositionScheme>())
        {
            var same = Effect(scheme, before).SequenceEqual(Effect(scheme, after));
            Assert.True(same == (scheme != reader), $"{option} and {scheme}");
        }
    }

    [Fact]
    public void Validate_EveryError_IsListed()
    {
        var errors = new OptionErrors("PositionOptions");
        new PositionOptions { SinusoidalBase = 1, RotaryBase = 0, RotaryPositionScale = 0.5, ClipDistance = -1, Buckets = 5, MaxDistance = 1 }.Validate(errors);
        var message = Assert.Throws<ArgumentException>(errors.ThrowIfAny).Message;
        foreach (var part in new[] { "6 error(s)", "SinusoidalBase = 1:", "RotaryBase = 0:", "RotaryPositionScale = 0.5:", "ClipDistance = -1:", "Buckets = 5:", "MaxDistance = 1:" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    /// <summary>What the hooks do to fixed numbers, with parameters that are fixed for their shape.</summary>
    private static double[] Effect(PositionScheme scheme, PositionOptions options)
    {
        using var positions = PositionEncoding.Create(_shape with { Positions = scheme, PositionDetails = options });
        var seed = 0;
        GoldenLayer.SetParameters(positions, positions.named_parameters().ToDictionary(entry => entry.Item1, entry => GradientCheck.Random(entry.Item2.shape, ++seed, ScalarType.Float32)));
        var span = PositionSpan.Whole(9);
        var query = GradientCheck.Random([1, 3, 9, 4], 7, ScalarType.Float32);
        List<Tensor> effects = [positions.AddToEmbeddings(ones(1, 9, 12)), positions.TransformQueryKey(query, query).Query];
        if (positions.ScoreBias(query, span, span) is { } bias) effects.Add(bias);
        if (positions.Allowed(span, span, CPU) is { } allowed) effects.Add(allowed);
        if (positions.ValueBias(ones(1, 3, 9, 9), span, span) is { } values) effects.Add(values);
        return [.. effects.SelectMany(TensorAssert.Values)];
    }
}
