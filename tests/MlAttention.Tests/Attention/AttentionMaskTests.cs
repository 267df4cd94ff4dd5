using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class AttentionMaskTests
{
    [Fact]
    public void Causal_ThreeTokens_LooksBack() => AssertMask(AttentionMask.Causal(), "100", "110", "111");

    [Fact]
    public void LocalWindow_Radius1_SeesNeighbours() => AssertMask(AttentionMask.LocalWindow(1), "1100", "1110", "0111", "0011");

    [Fact]
    public void CausalLocalWindow_Radius1_SeesTheTokenBefore() => AssertMask(AttentionMask.CausalLocalWindow(1), "1000", "1100", "0110", "0011");

    [Fact]
    public void WindowWithGlobalTokens_FirstTokenGlobal_IsSeenByAllAndSeesAll() =>
        AssertMask(AttentionMask.WindowWithGlobalTokens(1, 0), "11111", "11100", "11110", "10111", "10011");

    [Fact]
    public void BlockSparse_BlocksOfTwo_RepeatsEachEntry() =>
        AssertMask(AttentionMask.BlockSparse(new bool[,] { { true, false }, { true, true } }, 2), "110", "110", "111");

    [Fact]
    public void Padding_Lengths_AllowsRealTokensOnly()
    {
        using var allowed = AttentionMask.Padding([2, 0], 3).ToTensor(1, 3);
        Assert.Equal([2, 1, 1, 3], allowed.shape);
        Assert.Equal([true, true, false, false, false, false], allowed.data<bool>().ToArray());
    }

    [Fact]
    public void And_PaddingAndCausal_AllowsWhatBothAllow()
    {
        using var allowed = (AttentionMask.Padding([2], 3) & AttentionMask.Causal()).ToTensor(3, 3);
        Assert.Equal("100 110 110", Rows(allowed));
    }

    [Fact]
    public void Allowed_Block_EqualsThePartOfTheWhole()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var any = zeros(2, 3, 7, 11, ScalarType.Bool);
        foreach (var cell in Enumerable.Range(0, 2 * 3 * 7 * 11)) any.view(-1).narrow(0, cell, 1).fill_(random.Next(2));
        var blocks = new bool[,] { { true, false, true }, { false, true, true }, { true, true, false } };
        AttentionMask[] masks =
        [
            AttentionMask.Causal(), AttentionMask.LocalWindow(2), AttentionMask.CausalLocalWindow(3), AttentionMask.WindowWithGlobalTokens(1, 3, 8),
            AttentionMask.BlockSparse(blocks, 4), AttentionMask.Padding([11, 6], 11), AttentionMask.From(any), AttentionMask.From(any) & AttentionMask.Causal(),
        ];
        var (queries, keys) = (new PositionSpan(2, 3), new PositionSpan(4, 5));
        foreach (var mask in masks)
        {
            var whole = mask.ToTensor(7, 11).expand(2, 3, 7, 11).narrow(2, queries.Start, queries.Length).narrow(3, keys.Start, keys.Length);
            var block = mask.Allowed(queries, keys, CPU).expand(2, 3, queries.Length, keys.Length);
            Assert.Equal(whole.contiguous().data<bool>().ToArray(), block.contiguous().data<bool>().ToArray());
        }
    }

    [Fact]
    public void BlocksAll_OnlyWhereTheBlockAllowsNothing()
    {
        AttentionMask[] masks = [AttentionMask.Causal(), AttentionMask.LocalWindow(2), AttentionMask.CausalLocalWindow(2), AttentionMask.Causal() & AttentionMask.LocalWindow(1)];
        foreach (var mask in masks)
        {
            for (var start = 0; start < 12; start += 3)
            {
                var (queries, keys) = (new PositionSpan(6, 3), new PositionSpan(start, 3));
                using var allowed = mask.Allowed(queries, keys, CPU);
                Assert.Equal(!allowed.data<bool>().ToArray().Contains(true), mask.BlocksAll(queries, keys));
            }
        }
    }

    [Fact]
    public void Padding_Mask_OutlivesTheScopeItWasMadeIn()
    {
        AttentionMask mask;
        using (NewDisposeScope()) mask = AttentionMask.Padding(tensor(new bool[,] { { true, false } }));
        using var allowed = mask.ToTensor(1, 2);
        Assert.Equal([true, false], allowed.data<bool>().ToArray());
    }

    [Fact]
    public void Of_EachKind_IsItsMask()
    {
        Assert.Null(AttentionMask.Of(MaskKind.Bidirectional, 1));
        AssertMask(AttentionMask.Of(MaskKind.Causal, 1)!, "100", "110", "111");
        AssertMask(AttentionMask.Of(MaskKind.LocalWindow, 1)!, "110", "111", "011");
        AssertMask(AttentionMask.Of(MaskKind.CausalLocalWindow, 1)!, "100", "110", "011");
    }

    [Fact]
    public void Padding_LengthBeyondTheText_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => AttentionMask.Padding([3, 5], 4));
        Assert.StartsWith("lengths[1] = 5: must be from 0 to the padded length 4.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_NotBoolean_SaysSo()
    {
        using var wrong = ones(2, 3);
        Assert.Contains("realTokens must be a boolean tensor [B,S]; got Float32 [2,3]", Assert.Throws<ArgumentException>(() => AttentionMask.Padding(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Builders_NegativeRadiusOrBlock_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionMask.LocalWindow(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionMask.WindowWithGlobalTokens(1, -2));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionMask.BlockSparse(new bool[1, 1], 0));
    }

    private static void AssertMask(AttentionMask mask, params string[] rows)
    {
        using var allowed = mask.ToTensor(rows.Length, rows[0].Length);
        Assert.Equal(string.Join(' ', rows), Rows(allowed));
    }

    private static string Rows(Tensor allowed)
    {
        var length = (int)allowed.shape[^1];
        var cells = allowed.contiguous().data<bool>().ToArray().Select(cell => cell ? '1' : '0');
        return string.Join(' ', cells.Chunk(length).Select(row => new string(row)));
    }

    /// <summary>The device "meta" has no numbers: what would be copied to the host fails there.</summary>
    [Fact]
    public void Padding_OnAnotherDevice_StaysThere()
    {
        using var scope = NewDisposeScope();
        var real = zeros(2, 5, ScalarType.Bool, META);

        var mask = AttentionMask.Combine(null, AttentionMask.Padding(real))!;
        var allowed = mask.Allowed(PositionSpan.Whole(3), new PositionSpan(1, 3), META);

        Assert.Equal(DeviceType.META, allowed.device_type);
        Assert.Equal([2, 1, 1, 3], allowed.shape);
        Assert.Contains("[B,S]=[2,4]", mask.Misfit(2, 1, 3, 4), StringComparison.Ordinal);
    }
}
