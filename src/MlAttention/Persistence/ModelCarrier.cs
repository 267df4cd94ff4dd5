using System.Security.Cryptography;
using Microsoft.ML.Transforms;

namespace MlAttention.Persistence;

/// <summary>Lets ML.NET's own Model.Save write our components, whose loader signatures ML.NET keeps internal.</summary>
/// <remarks>
/// An official ValueMappingTransformer over a table {"state" -> bytes, "sha256" -> their checksum} carries a component's state, so the file is an
/// ordinary ML.NET zip. Loading replaces the carriers by what they carry.
/// </remarks>
internal static class ModelCarrier
{
    /// <summary>The carrier's input column. A carrier that was not replaced fails with this name, which is the message.</summary>
    public const string InputColumnName = "<a component of MlAttention: load this model with mlContext.Model.LoadAttention(...), not with Model.Load>";

    private const string OutputColumnName = "MlAttention.State";
    private const string StateKey = "state", ChecksumKey = "sha256";

    public static void Save(byte[] state, ModelSaveContext context)
    {
        var ml = new MLContext(seed: 0);
        var table = ml.Data.LoadFromEnumerable([new Carried { Key = StateKey, Value = state }, new Carried { Key = ChecksumKey, Value = SHA256.HashData(state) }]);
        ICanSaveModel carrier = ml.Transforms.Conversion
            .MapValue(OutputColumnName, table, table.Schema[nameof(Carried.Key)], table.Schema[nameof(Carried.Value)], InputColumnName)
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<CarrierInput>()));
        carrier.Save(context);
    }

    /// <summary>The model with every carrier replaced, through nested chains and with their scopes; the same object when there is none.</summary>
    /// <param name="model">The model as ML.NET loaded it.</param>
    /// <param name="open">Makes the component of a state.</param>
    public static ITransformer Replace(ITransformer model, Func<byte[], ITransformer> open) => model switch
    {
        ValueMappingTransformer => StateOf(model) is { } state ? open(state) : model,
        TransformerChain<ITransformer> chain => Replace(chain, open),
        _ => model,
    };

    /// <exception cref="InvalidDataException">The checksum is not the state's.</exception>
    public static void RequireIntact(byte[] state, ReadOnlySpan<byte> checksum)
    {
        if (!SHA256.HashData(state).AsSpan().SequenceEqual(checksum)) throw new InvalidDataException("A component of the model is damaged: its checksum differs.");
    }

    private static TransformerChain<ITransformer> Replace(TransformerChain<ITransformer> chain, Func<byte[], ITransformer> open)
    {
        var parts = chain.ToArray();
        var replaced = parts.Select(part => Replace(part, open)).ToArray();
        return parts.SequenceEqual(replaced) ? chain : new TransformerChain<ITransformer>(replaced, Scopes(chain, parts));
    }

    /// <summary>The scope of each part: not public, but the chain filtered by a scope is, and it keeps the order.</summary>
    private static TransformerScope[] Scopes(TransformerChain<ITransformer> chain, ITransformer[] parts)
    {
        var scopes = new TransformerScope[parts.Length];
        foreach (var scope in new[] { TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring })
        {
            var index = 0;
            foreach (var part in chain.GetModelFor(scope))
            {
                while (!ReferenceEquals(parts[index], part)) index++;
                scopes[index++] |= scope;
            }
        }

        return scopes;
    }

    /// <summary>What a value mapping carries; null when it is not one of ours.</summary>
    private static byte[]? StateOf(ITransformer carrier)
    {
        var ml = new MLContext(seed: 0);
        var probe = ml.Data.LoadFromEnumerable([new CarrierInput { Key = StateKey }, new CarrierInput { Key = ChecksumKey }]);
        if (!IsCarrier(carrier, probe.Schema)) return null;

        byte[][] carried = [.. carrier.Transform(probe).GetColumn<byte[]>(OutputColumnName)];
        if (carried[1].Length == 0) throw new InvalidDataException("A component of the model was written by another version of MlAttention, which this one does not read. Train the model again, or load it with that version.");
        RequireIntact(carried[0], carried[1]);
        return carried[0];
    }

    /// <summary>Any other value mapping has other columns, and refuses the probe's schema.</summary>
    private static bool IsCarrier(ITransformer transformer, DataViewSchema probe)
    {
        try
        {
            return transformer.GetOutputSchema(probe).GetColumnOrNull(OutputColumnName)?.Type is VectorDataViewType { ItemType: NumberDataViewType item }
                && item.Equals(NumberDataViewType.Byte);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private sealed class Carried
    {
        public string Key { get; set; } = "";

        public byte[] Value { get; set; } = [];
    }

    private sealed class CarrierInput
    {
        [ColumnName(InputColumnName)]
        public string Key { get; set; } = "";
    }
}
