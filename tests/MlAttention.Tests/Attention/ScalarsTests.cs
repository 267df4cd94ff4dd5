using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Microsoft.ML;
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
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        Assembly[] assemblies = [typeof(Scalars).Assembly, typeof(AttentionCatalog).Assembly, typeof(OrderingAblationReport).Assembly];
        var methods = assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMembers(all)).OfType<MethodBase>();

        var conversions = methods.SelectMany(CalledMethods).Distinct().Where(called => MakesAScalar(called, [])).Select(called => $"{called.DeclaringType?.Name}: {called}");

        Assert.Empty(conversions);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Made() => new(Scalars.Number(3.5));

    /// <summary>
    /// Whether a method of TorchSharp, or one that it calls, makes a scalar: a conversion, an operator of a tensor and a number, and what
    /// takes a number of its own, as the sum of two tensors, whose factor is 1. Only a scalar that the caller makes and keeps is safe.
    /// </summary>
    private static bool MakesAScalar(MethodBase method, HashSet<MethodBase> seen) =>
        method.Module == typeof(torch).Module && method.Name != nameof(ScalarExtensionMethods.ToScalar) && seen.Add(method)
        && CalledMethods(method).Any(called => called.Name == nameof(ScalarExtensionMethods.ToScalar) || MakesAScalar(called, seen));

    /// <summary>The methods that stand in a method's code, behind the instructions that take one.</summary>
    private static IEnumerable<MethodBase> CalledMethods(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var (ofType, ofMethod) = (method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        for (var i = 0; i < code.Length;)
        {
            var instruction = s_instructions[code[i] == 0xFE ? 0xFE00 | code[i + 1] : code[i]];
            i += instruction.Size;
            if (instruction.OperandType == OperandType.InlineMethod) yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
            i += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<int, OpCode> s_instructions = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);
}
