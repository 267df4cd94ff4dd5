using System.Collections;

namespace MlAttention.Compat.Tests.Baseline;

public class ApiPrinterTests
{
    private const string Listing = """
        // MlAttention.Compat.Tests.Baseline  [Compat.Tests]
        public abstract class ApiPrinterTests.Outer<T> : IEnumerable, IEnumerable<T> where T : class, new()
        {
            protected Outer(string name = null, params int[] sizes);
            public const double Half = 0.5;
            public static readonly Guid Empty;
            protected T[] items;
            public event EventHandler Changed;
            public int Count { get; }
            public T this[int row, long column] { get; set; }
            public abstract long Length { get; }
            public static TResult Map<TResult>(T item, Func<T, TResult> map, DayOfWeek day = DayOfWeek.Friday, int? limit = 3) where TResult : struct;
            public bool TryGet(in Guid key, ref T item, out (int, string) pair, Guid id = default);
            public IEnumerator<T> GetEnumerator();
            public override string ToString();
            protected internal virtual ValueTuple<T, int>[] Pairs(bool all = true, char separator = ';');
            public static ApiPrinterTests.Outer<T> op_Addition(ApiPrinterTests.Outer<T> left, T right);
        }

        // MlAttention.Compat.Tests.Baseline  [Compat.Tests]
        public sealed class ApiPrinterTests.Outer<T>.Hidden
        {
            // no accessible constructor
        }

        // MlAttention.Compat.Tests.Baseline  [Compat.Tests]
        public enum ApiPrinterTests.Level
        {
            Low = -1,
            High = 7,
        }

        // MlAttention.Compat.Tests.Baseline  [Compat.Tests]
        public delegate void ApiPrinterTests.Getter<T>(ref T value);

        // MlAttention.Compat.Tests.Baseline  [Compat.Tests]
        public static class SampleExtensions
        {
            public static T Pass<T>(this T value, float scale = 1) where T : unmanaged;
        }
        """;

    [Theory]
    [InlineData(typeof(Outer<>))]
    [InlineData(typeof(Outer<>.Hidden))]
    [InlineData(typeof(Level))]
    [InlineData(typeof(Getter<>))]
    [InlineData(typeof(SampleExtensions))]
    public void Print_AType_WritesItAsTheListingsDo(Type type)
    {
        ApiType printed = ApiPrinter.Print(type);

        ApiType listed = ApiListing.Read([Listing])[printed.FullName];
        Assert.Equal(listed.Declaration, printed.Declaration);
        Assert.Equal(listed.Constraints, printed.Constraints);
        Assert.Equal(listed.Bases.Order(), printed.Bases.Order());
        Assert.Equal(listed.Members.Order(), printed.Members.Order());
    }

    public abstract class Outer<T> : IEnumerable<T>
        where T : class, new()
    {
        public const double Half = 0.5;
        public static readonly Guid Empty;
        protected T[] items = [];

        protected Outer(string? name = null, params int[] sizes) => Changed?.Invoke(name, new EventArgs());

        public event EventHandler? Changed;

        public int Count { get; private set; }

        public abstract long Length { get; }

        public T this[int row, long column]
        {
            get => items[row + column];
            set => items[row + column] = value;
        }

        public static TResult Map<TResult>(T item, Func<T, TResult> map, DayOfWeek day = DayOfWeek.Friday, int? limit = 3)
            where TResult : struct => map(item);

        public static Outer<T> operator +(Outer<T> left, T right) => left;

        public bool TryGet(in Guid key, ref T item, out (int Size, string Name) pair, Guid id = default)
        {
            pair = (Count++, "a");
            return key == id;
        }

        public IEnumerator<T> GetEnumerator() => items.AsEnumerable().GetEnumerator();

        public override string ToString() => "outer";

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected internal virtual (T Item, int Count)[] Pairs(bool all = true, char separator = ';') => [];

        public sealed class Hidden
        {
            private Hidden()
            {
            }
        }
    }

    public enum Level
    {
        Low = -1,
        High = 7,
    }

    public delegate void Getter<T>(ref T value);
}
