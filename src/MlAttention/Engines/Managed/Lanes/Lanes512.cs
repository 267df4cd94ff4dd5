using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Lanes512>
{
    private readonly Vector512<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes512(Vector512<float> value) => _value = value;

    public static int Count => Vector512<float>.Count;
    public static Lanes512 Index { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector512.ConvertToSingle(Vector512<int>.Indices)); }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* target) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CreateBits(uint bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) => new(Vector512.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) => new(Vector512.Max(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 left, Lanes512 right) => new(Vector512.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 GreaterThan(Lanes512 left, Lanes512 right) => new(Vector512.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 ifSet, Lanes512 ifClear) => new(Vector512.ConditionalSelect(mask._value, ifSet._value, ifClear._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 value) => Vector512.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Xor(Lanes512 left, Lanes512 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftLeft(Lanes512 bits, int count) => new(Vector512.ShiftLeft(bits._value.AsUInt32(), count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftRight(Lanes512 bits, int count) => new(Vector512.ShiftRightLogical(bits._value.AsUInt32(), count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddIntegers(Lanes512 left, Lanes512 right) => new((left._value.AsUInt32() + right._value.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToIntegers(Lanes512 value) => new(Vector512.ConvertToInt32Native(value._value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 FromIntegers(Lanes512 bits) => new(Vector512.ConvertToSingle(bits._value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTile(int depth, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, float* bias, bool accumulate)
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15;
        if (bias != null)
        {
            c0 = Vector512.Create(bias[0]); c1 = Vector512.Create(bias[1]); c2 = Vector512.Create(bias[2]); c3 = Vector512.Create(bias[3]);
            c4 = Vector512.Create(bias[4]); c5 = Vector512.Create(bias[5]); c6 = Vector512.Create(bias[6]); c7 = Vector512.Create(bias[7]);
            c8 = Vector512.Create(bias[8]); c9 = Vector512.Create(bias[9]); c10 = Vector512.Create(bias[10]); c11 = Vector512.Create(bias[11]);
            c12 = Vector512.Create(bias[12]); c13 = Vector512.Create(bias[13]); c14 = Vector512.Create(bias[14]); c15 = Vector512.Create(bias[15]);
        }
        else if (accumulate)
        {
            c0 = Vector512.Load(c); c1 = Vector512.Load(c + 1 * cStride); c2 = Vector512.Load(c + 2 * cStride); c3 = Vector512.Load(c + 3 * cStride);
            c4 = Vector512.Load(c + 4 * cStride); c5 = Vector512.Load(c + 5 * cStride); c6 = Vector512.Load(c + 6 * cStride); c7 = Vector512.Load(c + 7 * cStride);
            c8 = Vector512.Load(c + 8 * cStride); c9 = Vector512.Load(c + 9 * cStride); c10 = Vector512.Load(c + 10 * cStride); c11 = Vector512.Load(c + 11 * cStride);
            c12 = Vector512.Load(c + 12 * cStride); c13 = Vector512.Load(c + 13 * cStride); c14 = Vector512.Load(c + 14 * cStride); c15 = Vector512.Load(c + 15 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = c10 = c11 = c12 = c13 = c14 = c15 = Vector512<float>.Zero;
        }
        for (int k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            Vector512<float> row = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), row, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), row, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), row, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), row, c3);
            c4 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), row, c4);
            c5 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), row, c5);
            c6 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), row, c6);
            c7 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), row, c7);
            c8 = Vector512.MultiplyAddEstimate(Vector512.Create(a[8]), row, c8);
            c9 = Vector512.MultiplyAddEstimate(Vector512.Create(a[9]), row, c9);
            c10 = Vector512.MultiplyAddEstimate(Vector512.Create(a[10]), row, c10);
            c11 = Vector512.MultiplyAddEstimate(Vector512.Create(a[11]), row, c11);
            c12 = Vector512.MultiplyAddEstimate(Vector512.Create(a[12]), row, c12);
            c13 = Vector512.MultiplyAddEstimate(Vector512.Create(a[13]), row, c13);
            c14 = Vector512.MultiplyAddEstimate(Vector512.Create(a[14]), row, c14);
            c15 = Vector512.MultiplyAddEstimate(Vector512.Create(a[15]), row, c15);
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
        c8.Store(c + 8 * cStride); c9.Store(c + 9 * cStride); c10.Store(c + 10 * cStride); c11.Store(c + 11 * cStride);
        c12.Store(c + 12 * cStride); c13.Store(c + 13 * cStride); c14.Store(c + 14 * cStride); c15.Store(c + 15 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTokens(int blocks, float* a, nint aBlockStride, float* b, nint bStride, float* c, nint cStride)
    {
        Vector512<float> c0 = Vector512.Load(c); Vector512<float> c1 = Vector512.Load(c + 1 * cStride); Vector512<float> c2 = Vector512.Load(c + 2 * cStride); Vector512<float> c3 = Vector512.Load(c + 3 * cStride);
        Vector512<float> c4 = Vector512.Load(c + 4 * cStride); Vector512<float> c5 = Vector512.Load(c + 5 * cStride); Vector512<float> c6 = Vector512.Load(c + 6 * cStride); Vector512<float> c7 = Vector512.Load(c + 7 * cStride);
        Vector512<float> c8 = Vector512.Load(c + 8 * cStride); Vector512<float> c9 = Vector512.Load(c + 9 * cStride); Vector512<float> c10 = Vector512.Load(c + 10 * cStride); Vector512<float> c11 = Vector512.Load(c + 11 * cStride);
        Vector512<float> c12 = Vector512.Load(c + 12 * cStride); Vector512<float> c13 = Vector512.Load(c + 13 * cStride); Vector512<float> c14 = Vector512.Load(c + 14 * cStride); Vector512<float> c15 = Vector512.Load(c + 15 * cStride);
        for (int block = 0; block < blocks; block++, a += aBlockStride)
        {
            float* token = a;
            for (int k = 0; k < 16; k++, token++, b += bStride)
            {
                Vector512<float> row = Vector512.Load(b);
                c0 = Vector512.MultiplyAddEstimate(Vector512.Create(token[0]), row, c0);
                c1 = Vector512.MultiplyAddEstimate(Vector512.Create(token[16]), row, c1);
                c2 = Vector512.MultiplyAddEstimate(Vector512.Create(token[32]), row, c2);
                c3 = Vector512.MultiplyAddEstimate(Vector512.Create(token[48]), row, c3);
                c4 = Vector512.MultiplyAddEstimate(Vector512.Create(token[64]), row, c4);
                c5 = Vector512.MultiplyAddEstimate(Vector512.Create(token[80]), row, c5);
                c6 = Vector512.MultiplyAddEstimate(Vector512.Create(token[96]), row, c6);
                c7 = Vector512.MultiplyAddEstimate(Vector512.Create(token[112]), row, c7);
                c8 = Vector512.MultiplyAddEstimate(Vector512.Create(token[128]), row, c8);
                c9 = Vector512.MultiplyAddEstimate(Vector512.Create(token[144]), row, c9);
                c10 = Vector512.MultiplyAddEstimate(Vector512.Create(token[160]), row, c10);
                c11 = Vector512.MultiplyAddEstimate(Vector512.Create(token[176]), row, c11);
                c12 = Vector512.MultiplyAddEstimate(Vector512.Create(token[192]), row, c12);
                c13 = Vector512.MultiplyAddEstimate(Vector512.Create(token[208]), row, c13);
                c14 = Vector512.MultiplyAddEstimate(Vector512.Create(token[224]), row, c14);
                c15 = Vector512.MultiplyAddEstimate(Vector512.Create(token[240]), row, c15);
            }
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
        c8.Store(c + 8 * cStride); c9.Store(c + 9 * cStride); c10.Store(c + 10 * cStride); c11.Store(c + 11 * cStride);
        c12.Store(c + 12 * cStride); c13.Store(c + 13 * cStride); c14.Store(c + 14 * cStride); c15.Store(c + 15 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        // Four rounds of interleaving rows that lie 8 apart turn row r, column c into row c, column r.
        Vector512<float>* ping = stackalloc Vector512<float>[16];
        Vector512<float>* pong = stackalloc Vector512<float>[16];
        for (int row = 0; row < 16; row++) ping[row] = Vector512.Load(source + row * sourceStride);
        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        for (int round = 0; round < 4; round++)
        {
            for (int row = 0; row < 8; row++)
            {
                pong[2 * row] = Avx512F.PermuteVar16x32x2(ping[row], low, ping[row + 8]);
                pong[2 * row + 1] = Avx512F.PermuteVar16x32x2(ping[row], high, ping[row + 8]);
            }
            Vector512<float>* done = ping;
            ping = pong;
            pong = done;
        }
        for (int row = 0; row < 16; row++) ping[row].Store(target + row * targetStride);
    }
}
