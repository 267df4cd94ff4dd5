using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine reads examples and writes predictions.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether a member of the prediction may lack a column.</summary>
    public bool IgnoreMissingColumns = true;

    public SchemaDefinition InputSchemaDefinition;

    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    public bool OwnsTransformer = true;
}
