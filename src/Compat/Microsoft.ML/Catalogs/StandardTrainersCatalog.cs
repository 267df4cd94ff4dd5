using Microsoft.ML.Compat;
using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers of Microsoft.ML that this repository's examples put behind an encoder.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>Trains a maximum entropy classifier on a vector of features.</summary>
    /// <exception cref="NotSupportedException">Non-negative weights are asked for; the stand-in has no such constraint.</exception>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string exampleWeightColumnName = null,
        float l1Regularization = 1,
        float l2Regularization = 1,
        float optimizationTolerance = 1e-7f,
        int historySize = 20,
        bool enforceNonNegativity = false)
    {
        Guard.NotNull(catalog, nameof(catalog));
        return enforceNonNegativity
            ? throw new NotSupportedException("The stand-in for Microsoft.ML trains without a constraint on the weights: leave enforceNonNegativity false.")
            : new LbfgsMaximumEntropyMulticlassTrainer(catalog.Environment, labelColumnName, featureColumnName, exampleWeightColumnName, l1Regularization, l2Regularization, optimizationTolerance, historySize);
    }
}
