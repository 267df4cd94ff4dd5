using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class VBufferTests
{
    private static VBuffer<float> Sparse => new(7, 3, [1, 2, 3], [0, 3, 5]);

    [Fact]
    public void Items_SparseVector_GivesExplicitOrAllValues()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([0, 3, 5], Sparse.Items().Select(item => item.Key));
        Assert.Equal([1, 0, 0, 2, 0, 3, 0], Sparse.DenseValues());
        Assert.Equal(7, Sparse.Items(all: true).Count());
    }

    [Fact]
    public void GetItemOrDefault_SlotWithAndWithoutValue_IsTheValueOrZero()
    {
        Assert.Equal(2, Sparse.GetItemOrDefault(3));
        Assert.Equal(0, Sparse.GetItemOrDefault(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(7));
    }

    [Fact]
    public void CopyTo_Span_FillsTheGapsWithTheDefault()
    {
        var destination = new float[9];
        Sparse.CopyTo(destination, 1, -1);

        Assert.Equal([0, 1, -1, -1, 2, -1, 3, -1, 0], destination);
    }

    [Fact]
    public void CopyTo_PartOfASparseVector_ShiftsTheIndices()
    {
        VBuffer<float> part = default;
        Sparse.CopyTo(ref part, 3, 3);

        Assert.Equal(3, part.Length);
        Assert.Equal([2, 0, 3], part.DenseValues());
        Assert.Equal([0, 2], part.GetIndices().ToArray());
    }

    [Fact]
    public void CopyTo_Buffer_OwnsItsArrays()
    {
        float[] values = [1, 2];
        VBuffer<float> copy = default;
        new VBuffer<float>(2, values).CopyTo(ref copy);
        values[0] = 9;

        Assert.Equal([1, 2], copy.DenseValues());
    }

    [Fact]
    public void CopyToDense_SparseVector_IsDense()
    {
        VBuffer<float> dense = default;
        Sparse.CopyToDense(ref dense);

        Assert.True(dense.IsDense);
        Assert.Equal([1, 0, 0, 2, 0, 3, 0], dense.GetValues().ToArray());
    }

    [Fact]
    public void Create_BufferOfEnoughRoom_ReusesIt()
    {
        VBuffer<int> buffer = default;
        VBufferEditor<int> first = VBufferEditor.Create(ref buffer, 5);
        Assert.True(first.CreatedNewValues);
        buffer = first.Commit();

        VBufferEditor<int> second = VBufferEditor.Create(ref buffer, 3);
        Assert.False(second.CreatedNewValues);
        Assert.Equal(3, second.Values.Length);
    }

    [Fact]
    public void Commit_FewerValuesThanTheLength_IsSparse()
    {
        VBuffer<int> buffer = default;
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 5, 3);
        editor.Values[0] = 7;
        editor.Indices[0] = 1;
        editor.Values[1] = 8;
        editor.Indices[1] = 4;
        buffer = editor.CommitTruncated(2);

        Assert.Equal([0, 7, 0, 0, 8], buffer.DenseValues());
    }

    [Fact]
    public void Constructor_ImpossibleParts_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(1, 2, [1, 2], [0, 1]));
    }
}
