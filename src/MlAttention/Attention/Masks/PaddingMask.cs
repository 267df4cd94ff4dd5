using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

/// <summary>Key j of row b is a real token.</summary>
internal sealed class PaddingMask : AttentionMask
{
    private readonly bool[] _realTokens; // [B,S], row-major
    private readonly int _rows;
    private readonly int _length;

    public PaddingMask(Tensor realTokens)
    {
        ArgumentNullException.ThrowIfNull(realTokens);
        if (realTokens.dtype != ScalarType.Bool || realTokens.dim() != 2)
            throw new ArgumentException($"realTokens must be a boolean tensor [B,S]; got {realTokens.dtype} {ShapeText.Of(realTokens)}. True = a real token.", nameof(realTokens));
        (_rows, _length) = ((int)realTokens.shape[0], (int)realTokens.shape[1]);
        _realTokens = ManagedCopy.Of(realTokens);
    }

    public PaddingMask(IReadOnlyList<int> lengths, int keyLength)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        (_rows, _length) = (lengths.Count, keyLength);
        _realTokens = new bool[_rows * _length];
        for (var row = 0; row < _rows; row++)
        {
            if (lengths[row] < 0 || lengths[row] > keyLength)
                throw new ArgumentException($"lengths[{row}] = {lengths[row]}: must be from 0 to the padded length {keyLength}.", nameof(lengths));
            Array.Fill(_realTokens, true, row * _length, lengths[row]);
        }
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        var block = new bool[_rows * keys.Length];
        for (var row = 0; row < _rows; row++)
            Array.Copy(_realTokens, row * _length + keys.Start, block, row * keys.Length, keys.Length);
        return tensor(block, [_rows, 1, 1, keys.Length], device: device);
    }

    internal override bool AllowsAll => !_realTokens.AsSpan().Contains(false);

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength) =>
        _rows == batch && _length == keyLength
            ? null
            : $"The padding mask must have shape [B,S]=[{batch},{keyLength}]; got [{_rows},{_length}]. It tells for each key whether it is a real token.";
}
