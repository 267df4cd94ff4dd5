using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Taking sequences out of packed blocks and putting them back, for every start and length from 0 to 67.</summary>
public unsafe class TokenLayoutTests
{
    private const int Tokens = 67 + 67, Features = 3, Width = 2, From = 1;

    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void ExtractAndInsert_AnyStartAndLength_MoveOneSequence(int width) => Widths.Run(width, new Check());

    private sealed class Check : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            using var packed = new Floats(TokenLayout<T>.Pad(Tokens) * Features, new Random(n));
            var old = packed.Copy();
            for (int start = 0; start < 67; start++)
            {
                for (int length = 1; length <= 67; length++)
                {
                    using var sequence = new Floats(TokenLayout<T>.Pad(length) * Width, new Random(1));
                    TokenLayout<T>.Extract(packed.Start, Features, From, Width, start, length, sequence.Start);
                    sequence.AssertClose(at =>
                    {
                        int token = at / (Width * n) * n + at % n, feature = at / n % Width;
                        return token >= length ? 0 : old[((start + token) / n * Features + From + feature) * n + (start + token) % n];
                    }, $"start {start}, length {length}, extracted", 0);

                    using var target = new Floats(packed.Count);
                    TokenLayout<T>.Insert(sequence.Start, Width, target.Start, Features, From, start, length);
                    target.AssertClose(at =>
                    {
                        int token = at / (Features * n) * n + at % n, feature = at / n % Features;
                        return token >= start && token < start + length && feature >= From ? old[at] : 0;
                    }, $"start {start}, length {length}, inserted", 0);
                }
            }
        }
    }
}
