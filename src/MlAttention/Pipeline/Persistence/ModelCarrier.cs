using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Lets ML.NET's own Model.Save write our components, whose loader signatures ML.NET keeps internal.</summary>
/// <remarks>
/// An official ValueMappingTransformer over a one-row table {"state" -> bytes} carries a component's state, so the file is an
/// ordinary ML.NET zip. Loading replaces the carriers by what they carry.
/// </remarks>
internal static class ModelCarrier
{
    /// <summary>The carrier's input column. A carrier that was not replaced fails with this name, which is the message.</summary>
    public const string InputColumnName = "<a component of MlAttention: load this model with mlContext.Model.LoadAttention(...), not with Model.Load>";

    private const string OutputColumnName = "MlAttention.State";
    private const string Key = "state";

    public static void Save(SequenceTransformer transformer, ModelSaveContext context)
    {
        var ml = new MLContext(seed: 0);
        var table = ml.Data.LoadFromEnumerable([new CarriedState { Key = Key, Value = StateEnvelope.Seal(transformer) }]);
        ICanSaveModel carrier = ml.Transforms.Conversion
            .MapValue(OutputColumnName, table, table.Schema[nameof(CarriedState.Key)], table.Schema[nameof(CarriedState.Value)], InputColumnName)
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<CarrierInput>()));
        carrier.Save(context);
    }

    /// <summary>The model with every carrier replaced, through nested chains and with their scopes; the same object when there is none.</summary>
    /// <param name="model">The model as ML.NET loaded it.</param>
    /// <param name="environment">Whose log the components tell what they cut; null for nobody's.</param>
    public static ITransformer Replace(ITransformer model, IHostEnvironment? environment) => model switch
    {
        ValueMappingTransformer => Open(model, environment) ?? model,
        TransformerChain<ITransformer> chain => Replace(chain, environment),
        _ => model,
    };

    private static TransformerChain<ITransformer> Replace(TransformerChain<ITransformer> chain, IHostEnvironment? environment)
    {
        var parts = chain.ToArray();
        var replaced = parts.Select(part => Replace(part, environment)).ToArray();
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

    private static SequenceTransformer? Open(ITransformer carrier, IHostEnvironment? environment)
    {
        var ml = new MLContext(seed: 0);
        var probe = ml.Data.LoadFromEnumerable([new CarrierInput()]);
        if (!IsCarrier(carrier, probe.Schema)) return null;

        var state = carrier.Transform(probe);
        var column = state.Schema[OutputColumnName];
        using var cursor = state.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> bytes = default;
        cursor.MoveNext();
        getter(ref bytes);
        var dense = new byte[bytes.Length];
        bytes.CopyTo(dense);
        var transformer = StateEnvelope.Open(dense);
        transformer.Truncation.Host = environment?.Register(transformer.ComponentName);
        return transformer;
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

    private sealed class CarriedState
    {
        public string Key { get; set; } = "";

        public byte[] Value { get; set; } = [];
    }

    private sealed class CarrierInput
    {
        [ColumnName(InputColumnName)]
        public string Key { get; set; } = ModelCarrier.Key;
    }
}
