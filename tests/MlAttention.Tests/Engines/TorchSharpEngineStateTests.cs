using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Golden;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention.Tests.Engines;

[Collection(RandomStateCollection.Name)]
public class TorchSharpEngineStateTests
{
    private static readonly TokenBatch Batch = new() { Rows = 2, Length = 3, Tokens = [1, 2, 3, 4, 5, 0], Lengths = [3, 2], Labels = [0, 1] };

    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    public void AllCalls_CallersTorchState_StaysAsItWas(AttentionAlgorithm algorithm)
    {
        manual_seed(11);
        using var expected = rand(3);
        manual_seed(11);
        var threads = get_num_threads();

        using (var engine = Create(algorithm, threads + 1))
        {
            engine.Accumulate(Batch, 1, 5);
            engine.Step(0.01);
            engine.Score(Batch, new float[4]);
        }

        using var drawn = rand(3);
        Assert.Equal(expected.data<float>().ToArray(), drawn.data<float>().ToArray());
        Assert.Equal(threads, get_num_threads());
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    public void Accumulate_OtherTorchState_ChangesNothing(AttentionAlgorithm algorithm)
    {
        double Loss(long state)
        {
            manual_seed(state);
            using var engine = Create(algorithm, threads: 0);
            return engine.Accumulate(Batch, 1, 5);
        }

        Assert.Equal(Loss(1), Loss(2));
    }

    private static TorchSharpEngine Create(AttentionAlgorithm algorithm, int threads) =>
        new(new EngineConfiguration(new SequenceModelOptions { ModelWidth = 8, Heads = 2, Algorithm = algorithm }, 9, 2) { Compute = new() { Threads = threads } });
}
