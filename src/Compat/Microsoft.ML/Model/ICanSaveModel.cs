namespace Microsoft.ML;

/// <summary>A component that can be written into a model file.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}
