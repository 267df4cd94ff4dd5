using Microsoft.ML;
using MlAttention.Tests.Golden;
using TorchSharp;

namespace MlAttention.Tests.Pipeline;

[Collection(RandomStateCollection.Name)]
public class RandomStateTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void FitAndTransform_TorchRandomState_StaysAsItWas()
    {
        torch.random.manual_seed(17);
        using var before = torch.random.get_rng_state();
        var data = TinyTexts.Data(_ml, 53);

        foreach (var pipelineCase in PipelineCase.All) Snapshot.Of(pipelineCase.Pipeline(_ml).Fit(data).Transform(data), pipelineCase.Outputs);

        using var after = torch.random.get_rng_state();
        Assert.Equal(before.data<byte>().ToArray(), after.data<byte>().ToArray());
    }
}
