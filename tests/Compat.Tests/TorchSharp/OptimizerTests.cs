using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class OptimizerTests
{
    // The gradient of each step is 2w.
    private static double[] Run(Func<Parameter, optim.Optimizer> create, int steps)
    {
        using var parameter = nn.Parameter(tensor(new[] { 1.0, -3 }));
        using optim.Optimizer optimizer = create(parameter);
        for (int i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            (parameter * parameter).sum().backward();
            optimizer.step();
        }

        return parameter.data<double>().ToArray();
    }

    private static double AdamByHand(double w, int steps, double rate, double coupledDecay = 0, double decoupledDecay = 0)
    {
        double mean = 0, square = 0;
        for (int t = 1; t <= steps; t++)
        {
            double gradient = (2 * w) + (coupledDecay * w);
            w -= rate * decoupledDecay * w;
            mean = (0.9 * mean) + (0.1 * gradient);
            square = (0.999 * square) + (0.001 * gradient * gradient);
            double denominator = (Math.Sqrt(square) / Math.Sqrt(1 - Math.Pow(0.999, t))) + 1e-8;
            w -= rate / (1 - Math.Pow(0.9, t)) * mean / denominator;
        }

        return w;
    }

    [Fact]
    public void Sgd_WithoutMomentum_FollowsTheGradient() =>
        AssertEqual([0.64, -1.92], Run(p => optim.SGD([p], 0.1), 2));

    [Fact]
    public void Sgd_WithMomentumAndDecay_FollowsItsFormula()
    {
        double w = 1, velocity = 0;
        for (int t = 0; t < 4; t++)
        {
            double gradient = (2 * w) + (0.01 * w);
            velocity = t == 0 ? gradient : (0.9 * velocity) + gradient;
            w -= 0.1 * velocity;
        }

        AssertEqual([w, -3 * w], Run(p => optim.SGD([p], 0.1, momentum: 0.9, weight_decay: 0.01), 4));
    }

    [Fact]
    public void Adam_FollowsItsFormula() =>
        AssertEqual([AdamByHand(1, 5, 0.1), AdamByHand(-3, 5, 0.1)], Run(p => optim.Adam([p], 0.1), 5));

    [Fact]
    public void Adam_AddsWeightDecayToTheGradient() =>
        AssertEqual(
            [AdamByHand(1, 5, 0.1, coupledDecay: 0.3), AdamByHand(-3, 5, 0.1, coupledDecay: 0.3)],
            Run(p => optim.Adam([p], 0.1, weight_decay: 0.3), 5));

    [Fact]
    public void AdamW_TakesWeightDecayOffTheParameter() =>
        AssertEqual(
            [AdamByHand(1, 5, 0.1, decoupledDecay: 0.3), AdamByHand(-3, 5, 0.1, decoupledDecay: 0.3)],
            Run(p => optim.AdamW([p], 0.1, weight_decay: 0.3), 5));

    [Fact]
    public void LearningRate_SetOnAGroup_CountsFromTheNextStep()
    {
        using var parameter = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.SGD([parameter], 0.1);
        foreach (optim.ILearningRateController group in optimizer.ParamGroups)
            group.LearningRate = 0.25;
        (parameter * 4).sum().backward();
        optimizer.step();
        Values.Equal(0, parameter);
    }

    [Fact]
    public void Groups_KeepTheirOwnSettings()
    {
        using var decayed = nn.Parameter(tensor(new[] { 1.0 }));
        using var plain = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.AdamW(
            [new AdamW.ParamGroup([decayed], lr: 0.1, weight_decay: 0.5), new AdamW.ParamGroup([plain], lr: 0.1, weight_decay: 0)]);
        ((decayed * 0) + (plain * 0)).sum().backward();
        optimizer.step();
        Values.Equal(0.95, decayed, 1e-9);
        Values.Equal(1, plain, 1e-9);
    }

    [Fact]
    public void ZeroGrad_SetsGradientsToZero()
    {
        using var parameter = nn.Parameter(ones(2));
        using var optimizer = optim.SGD([parameter], 0.1);
        (parameter * 3).sum().backward();
        optimizer.zero_grad();
        Values.Equal([0, 0], parameter.grad!);
    }

    [Fact]
    public void StateDict_SavedAndLoaded_ContinuesTheSameTrajectory()
    {
        using var parameter = nn.Parameter(tensor(new[] { 1.0 }));
        using var copy = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.AdamW([parameter], 0.1);
        using var resumed = optim.AdamW([copy], 0.3);
        void Step(Parameter weight, optim.Optimizer with)
        {
            with.zero_grad();
            (weight * weight).sum().backward();
            with.step();
        }

        Step(parameter, optimizer);
        Step(parameter, optimizer);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        stream.Position = 0;
        resumed.load_state_dict(new BinaryReader(stream));
        using (no_grad())
            copy.copy_(parameter);
        Step(parameter, optimizer);
        Step(copy, resumed);
        Assert.Equal(parameter.data<double>().ToArray(), copy.data<double>().ToArray());
    }

    [Fact]
    public void BadSettings_ThrowArgumentException()
    {
        using var parameter = nn.Parameter(ones(1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 0.1, nesterov: true));
    }

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }
}
