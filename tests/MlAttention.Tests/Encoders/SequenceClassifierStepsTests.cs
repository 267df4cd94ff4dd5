using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>Five optimizer steps of the whole classifier follow PyTorch's losses and end at its weights.</summary>
public sealed class SequenceClassifierStepsTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("classifier.json");

    public static TheoryData<string> GoldenCases => GoldenFile.Names("classifier.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void FiveSteps_Sgd_EqualPyTorch(string name) =>
        AssertFiveSteps(name, "sgd_lr0.1", parameters => optim.SGD(parameters, 0.1));

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void FiveSteps_Adam_EqualPyTorch(string name) =>
        AssertFiveSteps(name, "adam_lr0.01", parameters => optim.Adam(parameters, 0.01));

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void FiveSteps_AdamW_EqualPyTorch(string name) =>
        AssertFiveSteps(name, "adamw_lr0.01_wd0.01", parameters => optim.AdamW(parameters, 0.01, weight_decay: 0.01));

    private static void AssertFiveSteps(string name, string optimizerName, Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer> createOptimizer)
    {
        using var scope = NewDisposeScope();
        var golden = _golden[name];
        using var classifier = GoldenClassifier.Create(golden);
        using var optimizer = createOptimizer(classifier.parameters());
        var (tokens, mask) = GoldenClassifier.Batch(golden);
        var losses = new List<double>();
        for (int step = 0; step <= 5; step++)
        {
            optimizer.zero_grad();
            var loss = GoldenClassifier.Loss(golden, classifier.call(tokens, mask));
            losses.Add(loss.ToDouble());
            if (step == 5) break;
            loss.backward();
            optimizer.step();
        }

        var after = golden.Part("after").Member(optimizerName);
        TensorAssert.Close(tensor(after.Numbers("loss_before_each_step_and_final")), tensor(losses.ToArray()), what: "losses");
        TensorAssert.Close(after.Tensor("head_weight_after_5"), classifier.get_parameter("head.weight")!, what: "head.weight");
        TensorAssert.Close(after.Tensor("head_bias_after_5"), classifier.get_parameter("head.bias")!, what: "head.bias");
    }
}
