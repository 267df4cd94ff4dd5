using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with a type argument known only at run time.</summary>
internal static class Generic
{
    /// <param name="owner">The type that has the private static method.</param>
    /// <param name="method">The name of the method, which has one type parameter.</param>
    /// <param name="typeArgument">The type argument.</param>
    /// <param name="arguments">The arguments.</param>
    public static object Call(Type owner, string method, Type typeArgument, params object[] arguments) =>
        Call(owner, method, [typeArgument], arguments);

    public static object Call(Type owner, string method, Type[] typeArguments, params object[] arguments)
    {
        MethodInfo definition = owner.GetMethod(method, BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        return definition.MakeGenericMethod(typeArguments).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>The getter of a column, whatever its type.</summary>
    public static Delegate GetGetter(DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)Call(typeof(Generic), nameof(GetGetterOf), column.Type.RawType, row, column);

    private static Delegate GetGetterOf<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);
}
