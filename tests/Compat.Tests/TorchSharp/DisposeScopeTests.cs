using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

[Collection(SharedStateCollection.Name)]
public sealed class DisposeScopeTests
{
    [Fact]
    public void Scope_AtItsEnd_DisposesWhatWasMadeInside()
    {
        Tensor inside;
        Tensor moved;
        Tensor detached;
        using (DisposeScope outer = NewDisposeScope())
        {
            using (DisposeScope inner = NewDisposeScope())
            {
                inside = ones(2);
                moved = ones(2).MoveToOuterDisposeScope();
                detached = ones(2).DetachFromDisposeScope();
                Assert.Equal(1, inner.DisposablesCount);
                Assert.True(inner.Contains(inside));
            }

            Assert.True(inside.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void Scope_DoesNotTouchWhatWasMadeBefore()
    {
        using Tensor before = ones(3);
        using (NewDisposeScope())
            before.add_(1);
        Values.Equal([2, 2, 2], before);
    }

    [Fact]
    public void WrappedScope_ReturnsOnlyTheResult()
    {
        long before = Tensor.TotalCount;
        using Tensor result = WrappedTensorDisposeScope(() => (ones(2) + 1) * (ones(2) + 2));
        Values.Equal([6, 6], result);
        Assert.True(Tensor.TotalCount <= before + 3);
    }

    [Fact]
    public void Attach_GivesATensorToTheScope()
    {
        Tensor free = ones(1);
        using (DisposeScope scope = NewDisposeScope())
            scope.Attach(free);
        Assert.True(free.IsInvalid);
    }

    [Fact]
    public void DisposeEverythingBut_KeepsTheNamedOne()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = ones(1);
        Tensor lost = ones(1);
        scope.DisposeEverythingBut(kept);
        Assert.False(kept.IsInvalid);
        Assert.True(lost.IsInvalid);
    }

    [Fact]
    public void MoveToOtherDisposeScope_FollowsTheOtherTensor()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor anchor = ones(1);
        Tensor moved;
        using (NewDisposeScope())
            moved = ones(1).MoveToOtherDisposeScope(anchor);
        Assert.True(outer.Contains(moved));
    }

    [Fact]
    public void Scopes_AreOfTheirThread()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        elsewhere!.Dispose();
    }

    [Fact]
    public void Statistics_CountWhatHappens()
    {
        ThreadDisposeScopeStatistics statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (NewDisposeScope())
        {
            Tensor first = ones(1);
            Tensor second = ones(1);
            first.Dispose();
            second.DetachFromDisposeScope().Dispose();
            _ = ones(1);
        }

        ones(1).Dispose();
        Assert.Equal(3, statistics.CreatedInScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void DisposedTensor_WhenUsed_ThrowsInvalidOperation()
    {
        Tensor gone = ones(2);
        gone.Dispose();
        gone.Dispose();
        Assert.Throws<InvalidOperationException>(() => gone.add(1));
        Assert.Throws<InvalidOperationException>(() => gone.shape);
        Assert.Throws<InvalidOperationException>(() => ones(2).matmul(gone));
    }

    [Fact]
    public void DisposedScope_WhenAsked_ThrowsObjectDisposed()
    {
        DisposeScope scope = NewDisposeScope();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }
}
