using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class LearnedQueriesTests
{
    [Fact]
    [HandSolved(typeof(LearnedQueries))]
    public void Forward_AnyBatch_RepeatsTheVectors()
    {
        using var scope = NewDisposeScope();
        using var queries = new LearnedQueries(2, 3);
        ModuleWeights.Set(queries, [new("weight", [2, 3], [1, 2, 3, 4, 5, 6])]);

        var repeated = queries.call(zeros(5, 7));

        Assert.Equal([5L, 2, 3], repeated.shape);
        LayerChecks.AssertClose(tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }), repeated[4], 0);
    }

    [Fact]
    public void Create_NoVectorsOrNoWidth_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(4, 0));
    }
}
