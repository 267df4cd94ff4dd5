using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML;

/// <summary>The components that a model file may hold, by the signature under which they are saved.</summary>
internal static class ComponentLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, ITransformer>> s_loaders = new()
    {
        [TransformerChainFormat.Signature] = TransformerChainFormat.Load,
        [ValueToKeyMappingTransformer.Signature] = context => new ValueToKeyMappingTransformer(context.Reader),
        [KeyToValueMappingTransformer.Signature] = context => new KeyToValueMappingTransformer(context.Reader.ReadColumns()),
        [ColumnCopyingTransformer.Signature] = context => new ColumnCopyingTransformer(context.Reader.ReadColumns()),
        [ColumnConcatenatingTransformer.Signature] = context => new ColumnConcatenatingTransformer(context.Reader),
        [TextNormalizingTransformer.Signature] = context => new TextNormalizingTransformer(context.Reader),
        [WordTokenizingTransformer.Signature] = context => new WordTokenizingTransformer(context.Reader),
        [MulticlassScoring.Signature] = MulticlassScoring.Load,
        [ValueMappingTransformer.Signature] = context => new ValueMappingTransformer(context.Reader),
    };

    public static ITransformer Load(ModelLoadContext context) =>
        s_loaders.TryGetValue(context.Signature, out Func<ModelLoadContext, ITransformer> load)
            ? load(context)
            : throw context.Reader.Invalid($"there is no component '{context.Signature}'");
}
