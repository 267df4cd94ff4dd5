using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using MlAttention.Torch.Tensors;
using TorchSharp;

namespace MlAttention.Tests.Attention;

public class ScalarsTests
{
    [Fact]
    public void Number_NothingElseRefersToIt_OutlivesAGarbageCollection()
    {
        var number = Made();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.True(number.TryGetTarget(out var scalar));
        Assert.Equal(3.5, torch.ones(1, torch.float64).mul(scalar).item<double>());
    }

    [Fact]
    public void Number_ManyMoreFollow_IsFreed()
    {
        var first = Scalars.Number(1);
        for (long i = 0; i < 100; i++) Scalars.Number(i);

        Assert.Throws<InvalidOperationException>(() => torch.ones(1).mul(first));
    }

    [Fact]
    public void Number_AWholeNumber_KeepsIntegersWhole() => Assert.Equal(torch.int64, torch.ones(1, torch.int64).add(Scalars.Number(2)).dtype);

    /// <summary>TorchSharp's own conversions make an object that a garbage collection may free while libtorch reads it.</summary>
    [Fact]
    public void Library_NumbersInTensorOperations_AllGoThroughScalars()
    {
        using var file = new PEReader(File.OpenRead(typeof(Scalars).Assembly.Location));
        var metadata = file.GetMetadataReader();

        var conversions = metadata.MemberReferences.Select(metadata.GetMemberReference).Where(member => IsUnsafe(metadata, member)).Select(member => metadata.GetString(member.Name));

        Assert.Empty(conversions);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Made() => new(Scalars.Number(3.5));

    /// <summary>Whether the member converts a number to a scalar, or is an operator of a tensor and a number, or squares, which TorchSharp does by a number 2.</summary>
    private static bool IsUnsafe(MetadataReader metadata, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeReference) return false;
        var type = metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name);
        var name = metadata.GetString(member.Name);
        return type switch
        {
            nameof(Scalar) => name == "op_Implicit",
            nameof(torch.Tensor) => name == nameof(torch.Tensor.square) || (name.StartsWith("op_", StringComparison.Ordinal) && TakesANumber(metadata.GetBlobReader(member.Signature))),
            _ => false,
        };
    }

    /// <summary>An operator's signature: calling convention, count, return type, then its operands; a type reference is a byte and a number of one byte or more.</summary>
    private static bool TakesANumber(BlobReader signature)
    {
        signature.ReadSignatureHeader();
        for (var i = signature.ReadCompressedInteger(); i >= 0; i--)
        {
            var code = signature.ReadSignatureTypeCode();
            if (code is SignatureTypeCode.Int32 or SignatureTypeCode.Int64 or SignatureTypeCode.Single or SignatureTypeCode.Double) return true;
            if (code == SignatureTypeCode.TypeHandle) signature.ReadTypeHandle();
        }
        return false;
    }
}
