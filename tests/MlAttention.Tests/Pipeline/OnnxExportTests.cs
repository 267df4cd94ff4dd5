using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

/// <summary>ML.NET's ConvertToOnnx begins with a call of Transform; what cannot be exported says so there.</summary>
public sealed class OnnxExportTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Transform_CalledByTheOnnxConverter_IsRefused()
    {
        var data = TinyTexts.Data(_ml, 7);
        var model = TinyTexts.Preparation(_ml).Fit(data);

        var error = Assert.Throws<NotSupportedException>(() => CallFrom("Microsoft.ML.OnnxConverter", () => model.Transform(data)));

        Assert.StartsWith("ConvertToOnnx cannot export TokenizeSequence: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_CalledByAnyOther_Works()
    {
        var data = TinyTexts.Data(_ml, 7);
        var model = TinyTexts.Preparation(_ml).Fit(data);

        Assert.NotNull(CallFrom("Microsoft.ML.OnnxConverter.Friends", () => model.Transform(data)).Schema.GetColumnOrNull("Tokens"));
    }

    /// <summary>Calls from a method of an assembly of this name.</summary>
    private static IDataView CallFrom(string assemblyName, Func<IDataView> function)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(assemblyName), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("module").DefineType("Caller", TypeAttributes.Public);
        var code = type.DefineMethod("Call", MethodAttributes.Public | MethodAttributes.Static, typeof(IDataView), [typeof(Func<IDataView>)]).GetILGenerator();
        var result = code.DeclareLocal(typeof(IDataView));
        code.BeginExceptionBlock();     // a call in a try block is never the last thing that a method does, so the method stays on the stack
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Callvirt, typeof(Func<IDataView>).GetMethod("Invoke")!);
        code.Emit(OpCodes.Stloc, result);
        code.BeginFinallyBlock();
        code.EndExceptionBlock();
        code.Emit(OpCodes.Ldloc, result);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetMethod("Call")!.CreateDelegate<Func<Func<IDataView>, IDataView>>()(function);
    }
}
