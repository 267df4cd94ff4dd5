using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class ErrorTests
{
    [Fact]
    public void ShapesThatDoNotFit_ThrowExternalExceptionWithTheShapes()
    {
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(5, 7)));
        Assert.Contains("(2x3 and 5x7)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TypesThatDoNotFit_ThrowExternalException()
    {
        Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(3, 2, ScalarType.Int64)));
        Assert.Throws<ExternalException>(() => nn.functional.cross_entropy(ones(1, 3), tensor(new long[] { 5 })));
    }

    [Fact]
    public void BadArguments_ThrowAndLeaveTorchUsable()
    {
        Assert.Throws<ExternalException>(() => ones(6).view(4, 2));
        Assert.Throws<ExternalException>(() => zeros(-1));
        Assert.Throws<ExternalException>(() => ones(2).sum(5));
        Assert.Throws<ExternalException>(() => cat([ones(2), ones(3, 3)]));
        Assert.Throws<ExternalException>(() => einsum("ij,jk->ik", ones(2, 3)));
        Assert.Throws<ExternalException>(() => linspace(0, 1, -3));
        Values.Equal(2, ones(2).sum());
    }

    [Fact]
    public void Embedding_OfARowThatIsNotThere_Throws()
    {
        using var table = nn.Embedding(3, 2);
        Assert.ThrowsAny<Exception>(() => table.call(tensor(new long[] { 3 })));
    }

    [Fact]
    public void Errors_OfTwoThreads_KeepTheirMessages()
    {
        string[] messages = new string[2];
        Parallel.For(0, 2, i =>
        {
            for (int round = 0; round < 200; round++)
                messages[i] = Assert.Throws<ExternalException>(() => ones(2, 3 + i).matmul(ones(7, 7))).Message;
        });
        Assert.Contains("(2x3 and", messages[0], StringComparison.Ordinal);
        Assert.Contains("(2x4 and", messages[1], StringComparison.Ordinal);
    }
}
