using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a transformer chain is saved: its scopes, and each transformer as a child.</summary>
internal static class TransformerChainFormat
{
    public const string Signature = "TransformerChain";

    public static void Save(ITransformerChain chain, ModelSaveContext context)
    {
        context.Write(Signature, writer =>
        {
            writer.Write(chain.Scopes.Count);
            foreach (TransformerScope scope in chain.Scopes)
            {
                writer.Write((int)scope);
            }
        });
        for (int i = 0; i < chain.Transformers.Count; i++)
        {
            context.SaveChild(ChildName(i), chain.Transformers[i]);
        }
    }

    public static TransformerChain<ITransformer> Load(ModelLoadContext context)
    {
        var scopes = new TransformerScope[context.Reader.ReadCount(sizeof(int))];
        for (int i = 0; i < scopes.Length; i++)
        {
            scopes[i] = (TransformerScope)context.Reader.ReadInt32();
            if ((scopes[i] & ~TransformerScope.Everything) != 0)
            {
                throw context.Reader.Invalid($"{(int)scopes[i]} is not a scope");
            }
        }

        ITransformer[] transformers = [.. Enumerable.Range(0, scopes.Length).Select(i => context.LoadChild(ChildName(i)))];
        return new TransformerChain<ITransformer>(transformers, scopes);
    }

    private static string ChildName(int index) => index.ToString("000", CultureInfo.InvariantCulture);
}
