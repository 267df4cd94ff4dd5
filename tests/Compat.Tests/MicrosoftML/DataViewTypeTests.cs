using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class DataViewTypeTests
{
    [Fact]
    public void ToString_EachType_NamesItAsMlNetDoes()
    {
        Assert.Equal("Single", NumberDataViewType.Single.ToString());
        Assert.Equal("String", TextDataViewType.Instance.ToString());
        Assert.Equal("Boolean", BooleanDataViewType.Instance.ToString());
        Assert.Equal("Key<UInt32, 0-6>", new KeyDataViewType(typeof(uint), 7).ToString());
        Assert.Equal("Vector<Single, 5>", new VectorDataViewType(NumberDataViewType.Single, 5).ToString());
        Assert.Equal("Vector<String>", new VectorDataViewType(TextDataViewType.Instance).ToString());
        Assert.Equal("Vector<Single, 3, *>", new VectorDataViewType(NumberDataViewType.Single, 3, 0).ToString());
    }

    [Fact]
    public void RawType_TextKeyAndVector_AreWhatGettersWrite()
    {
        Assert.Equal(typeof(ReadOnlyMemory<char>), TextDataViewType.Instance.RawType);
        Assert.Equal(typeof(ushort), new KeyDataViewType(typeof(ushort), 2).RawType);
        Assert.Equal(typeof(VBuffer<double>), new VectorDataViewType(NumberDataViewType.Double).RawType);
    }

    [Fact]
    public void Equals_SameParts_IsTrueWhateverTheInstance()
    {
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 3UL));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(ulong), 3));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 4));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.Equal(
            new VectorDataViewType(NumberDataViewType.Single, 3).GetHashCode(),
            new VectorDataViewType(NumberDataViewType.Single, 3).GetHashCode());
    }

    [Fact]
    public void Vector_DimensionsWithAZero_HasNoKnownSize()
    {
        var known = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        var unknown = new VectorDataViewType(NumberDataViewType.Single, 2, 0);

        Assert.True(known.IsKnownSize);
        Assert.Equal(6, known.Size);
        Assert.False(unknown.IsKnownSize);
        Assert.Equal(0, unknown.Size);
    }

    [Fact]
    public void Key_CountOrTypeThatCannotBe_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));
    }
}
