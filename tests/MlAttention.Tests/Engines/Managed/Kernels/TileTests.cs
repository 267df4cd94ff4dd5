using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>The N x N products and the transposition against plain loops, for every depth from 0 to 67 and odd strides.</summary>
public unsafe class TileTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void MultiplyTile_AnyDepthAndStride_EqualsPlainLoops(int width) => Widths.Run(width, new Product());

    [Theory, MemberData(nameof(All))]
    public void MultiplyBlocks_AnyBlocksAndStride_EqualsPlainLoops(int width) => Widths.Run(width, new TokenProduct());

    [Theory, MemberData(nameof(All))]
    public void MultiplyTilePair_AnyEvenDepth_EqualsTwoTiles(int width) => Widths.Run(width, new PairOfProducts());

    [Theory, MemberData(nameof(All))]
    public void MultiplyBlocksPair_AnyBlocksAndStride_EqualsTwoTiles(int width) => Widths.Run(width, new PairOfTokenProducts());

    [Theory, MemberData(nameof(All))]
    public void Transpose_OddStrides_SwapsRowsAndColumns(int width) => Widths.Run(width, new Transposition());

    private sealed class Product : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            var random = new Random(n);
            for (int depth = 0; depth <= 67; depth++)
            {
                int aStride = n + depth % 5, bStride = n + depth % 3, cStride = n + depth % 7;
                using var a = new Floats(Math.Max(1, depth) * aStride, random);
                using var b = new Floats(Math.Max(1, depth) * bStride, random);
                foreach (bool accumulate in new[] { true, false })
                {
                    using var c = new Floats(n * cStride, random);
                    var old = c.Copy();

                    T.MultiplyTile(depth, a.Start, aStride, b.Start, bStride, c.Start, cStride, accumulate, a.Start);

                    c.AssertClose(at =>
                    {
                        int row = at / cStride, lane = at % cStride;
                        if (lane >= n) return old[at];
                        double sum = accumulate ? old[at] : 0;
                        for (int k = 0; k < depth; k++) sum += (double)a[k * aStride + row] * b[k * bStride + lane];
                        return sum;
                    }, $"depth {depth}, accumulate {accumulate}");
                }
            }
        }
    }

    private sealed class TokenProduct : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            var random = new Random(n);
            for (int blocks = 0; blocks <= 67; blocks++)
            {
                int aStride = n * n + blocks % 3, bStride = n + blocks % 5, cStride = n + blocks % 7;
                using var a = new Floats(Math.Max(1, blocks) * aStride, random);
                using var b = new Floats(Math.Max(1, blocks) * n * bStride, random);
                using var bias = new Floats(n, random);
                foreach (var (hasBias, accumulate) in new[] { (true, false), (false, true), (false, false) })
                {
                    using var c = new Floats(n * cStride, random);
                    var old = c.Copy();

                    T.MultiplyBlocks(blocks, a.Start, aStride, b.Start, bStride, c.Start, cStride, hasBias ? bias.Start : null, accumulate, a.Start);

                    c.AssertClose(at =>
                    {
                        int row = at / cStride, lane = at % cStride;
                        if (lane >= n) return old[at];
                        double sum = hasBias ? bias[row] : accumulate ? old[at] : 0;
                        for (int token = 0; token < blocks * n; token++) sum += (double)a[token / n * aStride + row * n + token % n] * b[token * bStride + lane];
                        return sum;
                    }, $"blocks {blocks}, bias {hasBias}, accumulate {accumulate}", 1e-4);
                }
            }
        }
    }

    private sealed class PairOfProducts : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            var random = new Random(n);
            for (int depth = 0; depth <= 66; depth += 2)
            {
                int aStride = n + depth % 5, bNext = depth * n + depth % 7, cNext = n * n + depth % 3;
                using var a = new Floats(Math.Max(1, depth) * aStride, random);
                using var b = new Floats(bNext + Math.Max(1, depth) * n, random);
                foreach (bool accumulate in new[] { true, false })
                {
                    using var pair = new Floats(cNext + n * n, random);
                    using var tiles = new Floats(pair.Count);
                    pair.Copy().CopyTo(new Span<float>(tiles.Start, tiles.Count));

                    T.MultiplyTilePair(depth, a.Start, aStride, b.Start, bNext, pair.Start, cNext, accumulate, a.Start);
                    T.MultiplyTile(depth, a.Start, aStride, b.Start, n, tiles.Start, n, accumulate, a.Start);
                    T.MultiplyTile(depth, a.Start, aStride, b.Start + bNext, n, tiles.Start + cNext, n, accumulate, a.Start);

                    pair.AssertClose(at => tiles[at], $"depth {depth}, accumulate {accumulate}", 1e-6);
                }
            }
        }
    }

    private sealed class PairOfTokenProducts : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            var random = new Random(n);
            for (int blocks = 0; blocks <= 17; blocks++)
            {
                int aStride = n * n + blocks % 3, bStride = 2 * n + blocks % 5, bNext = n + blocks % 2, cStride = 2 * n + blocks % 7, cNext = n + blocks % 7 % 4;
                using var a = new Floats(Math.Max(1, blocks) * aStride, random);
                using var b = new Floats(Math.Max(1, blocks) * n * bStride + bNext, random);
                using var bias = new Floats(n, random);
                foreach (var (hasBias, accumulate) in new[] { (true, false), (false, true), (false, false) })
                {
                    using var pair = new Floats(n * cStride + cNext, random);
                    using var tiles = new Floats(pair.Count);
                    pair.Copy().CopyTo(new Span<float>(tiles.Start, tiles.Count));

                    T.MultiplyBlocksPair(blocks, a.Start, aStride, b.Start, bStride, bNext, pair.Start, cStride, cNext, hasBias ? bias.Start : null, accumulate, a.Start);
                    T.MultiplyBlocks(blocks, a.Start, aStride, b.Start, bStride, tiles.Start, cStride, hasBias ? bias.Start : null, accumulate, a.Start);
                    T.MultiplyBlocks(blocks, a.Start, aStride, b.Start + bNext, bStride, tiles.Start + cNext, cStride, hasBias ? bias.Start : null, accumulate, a.Start);

                    pair.AssertClose(at => tiles[at], $"blocks {blocks}, bias {hasBias}, accumulate {accumulate}", 1e-6);
                }
            }
        }
    }

    private sealed class Transposition : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            for (int extra = 0; extra < 5; extra++)
            {
                int sourceStride = n + extra, targetStride = n + 3 * extra;
                using var source = new Floats(n * sourceStride, new Random(extra));
                using var target = new Floats(n * targetStride);

                T.Transpose(source.Start, sourceStride, target.Start, targetStride);

                target.AssertClose(at => at % targetStride >= n ? 0 : source[at % targetStride * sourceStride + at / targetStride], $"strides {sourceStride}, {targetStride}", 0);
            }
        }
    }
}
