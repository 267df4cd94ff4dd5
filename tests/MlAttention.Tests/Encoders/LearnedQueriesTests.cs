using MlAttention.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class LearnedQueriesTests
{
    [Fact]
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
    public void Backward_AgreesWithFiniteDifferences()
    {
        using var queries = new LearnedQueries(3, 5);
        using var like = zeros(2);
        LayerChecks.AssertGradients(queries, _ => queries.call(like).square());
    }

    [Fact]
    public void Weights_SavedAndLoaded_AreTheSame()
    {
        using var scope = NewDisposeScope();
        using var queries = new LearnedQueries(3, 5);
        using var other = new LearnedQueries(3, 5);

        ModuleWeights.Set(other, ModuleWeights.Get(queries));

        Assert.Equal(queries.call(zeros(1)).ToDoubles(), other.call(zeros(1)).ToDoubles());
    }

    [Fact]
    public void ForwardAndBackward_LeaveNoTensors()
    {
        using var queries = new LearnedQueries(3, 5);
        using var like = zeros(2);
        LiveTensors.AssertNoneLeft(() => queries.call(like));
    }

    [Fact]
    public void Create_NoVectorsOrNoWidth_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(4, 0));
    }
}
