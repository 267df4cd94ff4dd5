namespace MlAttention.Compat.Tests.Baseline;

/// <summary>Writes type names as the listings do: C# keywords, tuples, <c>?</c> for nullable values, outer types but no namespaces.</summary>
internal static class ApiTypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>Writes a type's name.</summary>
    /// <param name="type">The type; a reference type is written as what it refers to.</param>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }
        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }
        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }
        // The listings write a tuple of open types by its own name: ValueTuple<T1, T2>.
        if (type.FullName is { } fullName && fullName.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
        {
            return "(" + string.Join(", ", type.GetGenericArguments().Select(Of)) + ")";
        }
        return Qualified(type);
    }

    /// <summary>Writes a type's own name without outer types and type parameters, as its constructors are called.</summary>
    /// <param name="type">The type.</param>
    public static string Simple(Type type)
    {
        int arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }

    private static string Qualified(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        var levels = new Stack<Type>();
        for (Type? level = type; level is not null; level = level.DeclaringType)
        {
            levels.Push(level);
        }
        var parts = new List<string>();
        int used = 0;
        foreach (Type level in levels)
        {
            int count = level.GetGenericArguments().Length;
            string[] own = arguments[used..Math.Max(used, count)].Select(Of).ToArray();
            used = Math.Max(used, count);
            parts.Add(Simple(level) + (own.Length == 0 ? string.Empty : "<" + string.Join(", ", own) + ">"));
        }
        return string.Join('.', parts);
    }
}
