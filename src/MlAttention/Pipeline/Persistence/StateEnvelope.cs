using System.Security.Cryptography;

namespace MlAttention.Pipeline.Persistence;

/// <summary>A component's name and state with a version and a checksum.</summary>
internal static class StateEnvelope
{
    /// <summary>Raised whenever a state's layout changes; older ones stay readable.</summary>
    public const int Version = 2;

    private const int Magic = 0x4E_54_41_4D;    // "MATN"

    public static byte[] Seal(SequenceTransformer transformer)
    {
        using var state = new StateWriter();
        transformer.WriteState(state);
        var bytes = state.ToArray();

        using var envelope = new StateWriter();
        envelope.Write(Magic);
        envelope.Write(Version);
        envelope.Write(transformer.ComponentName);
        envelope.Write(SHA256.HashData(bytes));
        envelope.Write(bytes);
        return envelope.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer version.</exception>
    public static SequenceTransformer Open(ReadOnlyMemory<byte> bytes)
    {
        var envelope = new StateReader(bytes);
        if (envelope.ReadInt32() != Magic) throw new InvalidDataException("The model's component is not one of MlAttention's.");
        var version = envelope.ReadInt32();
        if (version is < 1 or > Version)
            throw new InvalidDataException($"The model has format version {version}; this version of MlAttention reads 1 to {Version}. Update MlAttention.");

        var component = envelope.ReadString();
        var checksum = envelope.ReadBytes();
        var state = envelope.ReadBytes();
        envelope.RequireEnd();
        if (!SHA256.HashData(state.Span).AsSpan().SequenceEqual(checksum.Span))
            throw new InvalidDataException($"The model's component '{component}' is damaged: its checksum differs.");
        return ComponentRegistry.Create(component, state, version);
    }
}
