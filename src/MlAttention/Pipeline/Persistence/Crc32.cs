namespace MlAttention.Pipeline.Persistence;

/// <summary>The checksum of zip entries (polynomial 0xEDB88320, reflected), which .NET's reader does not compare.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = MakeTable();

    private uint _inverted;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => _inverted;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var register = ~_inverted;
        foreach (var value in bytes) register = Table[(byte)(register ^ value)] ^ (register >> 8);
        _inverted = ~register;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
            table[i] = value;
        }

        return table;
    }
}
