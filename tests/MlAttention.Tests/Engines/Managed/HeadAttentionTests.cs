using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Network;
using MlAttention.Core.Managed.Storage;
using MlAttention.Tests.Engines.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>Weights that are made again give the same gradients as weights that were kept, with dropout, aligned or not.</summary>
public unsafe class HeadAttentionTests
{
    private const int HeadWidth = 5, Heads = 2;

    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void Backward_WeightsMadeAgain_EqualsKeptWeights(int width) => Widths.Run(width, new KeptOrMadeAgain());

    [Theory, MemberData(nameof(All))]
    public void Forward_SharedBlocks_EqualsOwnBlocks(int width) => Widths.Run(width, new SharedOrOwn());

    /// <summary>Both heads, forward and backward: the gradient of qkv, and the output.</summary>
    private static Floats Run<T>(Floats qkv, Floats dOutput, int start, int length, bool owns, bool keeps, double dropout, out Floats output) where T : struct, ILanes<T>
    {
        var model = new SequenceModelOptions { Heads = Heads, ModelWidth = Heads * HeadWidth, MaxLength = 2 * 67, Positions = PositionScheme.None };
        using var tables = new ScoreTables<T>(model, model.MaxLength);
        using var attention = new HeadAttention<T>(model, tables, null, model.MaxLength, trains: true);
        using var statistics = new Floats(HeadAttention<T>.StatisticsCount(length));
        using var weights = new Floats((int)HeadAttention<T>.WeightsCount(length));
        output = new Floats(dOutput.Count);
        var dQkv = new Floats(3 * dOutput.Count);
        var rates = new Dropout(dropout, seed: 3, chunk: 1);
        RandomLanes<T> forward = rates.Stream<T>(4, 0), backward = forward;
        for (int head = 0; head < Heads; head++)
        {
            var input = new HeadInput<T>
            {
                Qkv = qkv.Start, Head = head, Start = start, Length = length, OwnsBlocks = owns, Dropout = rates,
                Statistics = statistics.Start, Weights = keeps ? weights.Start : null,
            };
            attention.Forward(input, ref forward, output.Start);
            attention.Backward(input, ref backward, output.Start, dOutput.Start, dQkv.Start, default);
        }
        return dQkv;
    }

    private static int Joined<T>() where T : struct, ILanes<T> => Heads * TokenLayout<T>.Pad(HeadWidth);

    /// <summary>Random values of a sequence over blocks of its own, zero behind its end.</summary>
    private static Floats Alone<T>(int length, int width, int seed) where T : struct, ILanes<T>
    {
        var values = new Floats(TokenLayout<T>.Pad(length) * width, new Random(seed));
        for (int i = 0; i < values.Count; i++)
            if (i / (width * T.Count) * T.Count + i % T.Count >= length) values.Start[i] = 0;
        return values;
    }

    private sealed class KeptOrMadeAgain : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            for (int length = 1; length <= 67; length++)
            {
                using var qkv = Alone<T>(length, 3 * Joined<T>(), length);
                using var dOutput = Alone<T>(length, Joined<T>(), -length);
                using var kept = HeadAttentionTests.Run<T>(qkv, dOutput, 0, length, true, true, 0.4, out var first);
                using var again = HeadAttentionTests.Run<T>(qkv, dOutput, 0, length, true, false, 0.4, out var second);

                again.AssertClose(at => kept[at], $"length {length}", 1e-6);
                second.AssertClose(at => first[at], $"length {length}, output", 1e-6);
                first.Dispose();
                second.Dispose();
            }
        }
    }

    /// <summary>A sequence behind another one, at every shift, against the same sequence alone.</summary>
    private sealed class SharedOrOwn : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int joined = Joined<T>();
            for (int start = 0; start < T.Count; start++)
            {
                for (int length = 1; length <= 67; length += 3)
                {
                    using var qkv = Alone<T>(length, 3 * joined, length);
                    using var dOutput = Alone<T>(length, joined, -length);
                    using var expected = HeadAttentionTests.Run<T>(qkv, dOutput, 0, length, true, false, 0, out var expectedOutput);

                    using var sharedQkv = new Floats(TokenLayout<T>.Pad(start + length) * 3 * joined, new Random(start));
                    using var sharedDOutput = new Floats(TokenLayout<T>.Pad(start + length) * joined);
                    TokenLayout<T>.Insert(qkv.Start, 3 * joined, sharedQkv.Start, 3 * joined, 0, start, length);
                    TokenLayout<T>.Insert(dOutput.Start, joined, sharedDOutput.Start, joined, 0, start, length);
                    using var shared = HeadAttentionTests.Run<T>(sharedQkv, sharedDOutput, start, length, false, true, 0, out var sharedOutput);

                    using var output = new Floats(dOutput.Count);
                    using var dQkv = new Floats(qkv.Count);
                    TokenLayout<T>.Extract(sharedOutput.Start, joined, 0, joined, start, length, output.Start);
                    TokenLayout<T>.Extract(shared.Start, 3 * joined, 0, 3 * joined, start, length, dQkv.Start);
                    output.AssertClose(at => IsToken(at, joined, length) ? expectedOutput[at] : 0, $"start {start}, length {length}, output", 1e-6);
                    dQkv.AssertClose(at => expected[at], $"start {start}, length {length}, gradient", 1e-6);
                    expectedOutput.Dispose();
                    sharedOutput.Dispose();
                }
            }

            static bool IsToken(int at, int width, int length) => at / (width * T.Count) * T.Count + at % T.Count < length;
        }
    }
}
