using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Calls libtorch's operators by the name that its registry has for them, as "add.Tensor" or "softmax.int".
/// Trailing arguments that are left out take the defaults of the operator's schema.
/// </summary>
internal static unsafe class Aten
{
    private static readonly ConcurrentDictionary<string, nint> _operators = new();

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = Invoke(name, arguments, out _);
        return new Tensor((nint)results->Integer);
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal static (Tensor, Tensor) CallPair(string name, params ReadOnlySpan<Argument> arguments)
    {
        Tensor[] results = CallMany(name, arguments);
        return (results[0], results[1]);
    }

    /// <summary>Calls an operator that returns three tensors.</summary>
    internal static (Tensor, Tensor, Tensor) CallTriple(string name, params ReadOnlySpan<Argument> arguments)
    {
        Tensor[] results = CallMany(name, arguments);
        return (results[0], results[1], results[2]);
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    internal static Tensor[] CallMany(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = Invoke(name, arguments, out int count);
        var tensors = new Tensor[count];
        for (int i = 0; i < count; i++)
            tensors[i] = new Tensor((nint)results[i].Integer);
        return tensors;
    }

    /// <summary>Calls an operator that changes <paramref name="self"/>, its first argument, and returns that tensor object.</summary>
    internal static Tensor CallInPlace(string name, Tensor self, params ReadOnlySpan<Argument> rest)
    {
        Span<Argument> arguments = new Argument[rest.Length + 1];
        arguments[0] = self;
        rest.CopyTo(arguments[1..]);
        NativeValue* results = Invoke(name, arguments, out int count);
        for (int i = 0; i < count; i++)
            NativeMethods.mlattention_tensor_release((nint)results[i].Integer);
        return self;
    }

    /// <summary>Calls an operator that returns a boolean.</summary>
    internal static bool CallBoolean(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, out _)->Integer != 0;

    /// <summary>Calls an operator that returns a number, of the kind that it finds.</summary>
    internal static NativeValue CallNumber(string name, params ReadOnlySpan<Argument> arguments) => *Invoke(name, arguments, out _);

    [SkipLocalsInit]
    private static NativeValue* Invoke(string name, ReadOnlySpan<Argument> arguments, out int count)
    {
        nint op = _operators.TryGetValue(name, out nint known) ? known : Find(name);
        int total = 0;
        foreach (ref readonly Argument argument in arguments)
            total += argument.Words;

        NativeValue* values = stackalloc NativeValue[arguments.Length];
        long* buffer = stackalloc long[Math.Min(total, 512)];
        fixed (long* large = total > 512 ? new long[total] : null)
        {
            long* words = total > 512 ? large : buffer;
            for (int i = 0; i < arguments.Length; i++)
                words += arguments[i].Write(values + i, words);
            NativeValue* results;
            count = NativeMethods.Check(NativeMethods.mlattention_operator_call(op, values, arguments.Length, &results));
            KeepAlive(arguments);
            return results;
        }
    }

    // The tensors must outlive the call: their finalizers would release the handles written above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepAlive(ReadOnlySpan<Argument> arguments)
    {
        foreach (ref readonly Argument argument in arguments)
            GC.KeepAlive(argument.Reference);
    }

    private static nint Find(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string overload = dot < 0 ? "" : name[(dot + 1)..];
        nint op = NativeMethods.CheckNotNull(NativeMethods.mlattention_operator_find("aten::" + (dot < 0 ? name : name[..dot]), overload));
        return _operators.GetOrAdd(name, op);
    }
}
