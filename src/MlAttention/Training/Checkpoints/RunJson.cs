using System.Text.Json.Serialization;
using MlAttention.Architecture;

namespace MlAttention.Training.Checkpoints;

/// <summary>What a run is and where it stands, as JSON without reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SequenceModelOptions))]
[JsonSerializable(typeof(TrainingOptions))]
internal sealed partial class RunJson : JsonSerializerContext;
