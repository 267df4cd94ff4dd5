using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The weights of a stack of recurrent layers, in libtorch's order and with its names and initial values.</summary>
internal sealed class RecurrentWeights
{
    private readonly nn.Module _module;
    private readonly List<string> _names = [];

    internal RecurrentWeights(nn.Module module, int gates, long inputs, long hidden, long layers, bool bias, bool bidirectional, ScalarType? type)
    {
        _module = module;
        int directions = bidirectional ? 2 : 1;
        double bound = 1 / Math.Sqrt(hidden);
        for (long layer = 0; layer < layers; layer++)
        {
            long width = layer == 0 ? inputs : hidden * directions;
            foreach (string suffix in bidirectional ? new[] { "", "_reverse" } : [""])
            {
                Add($"weight_ih_l{layer}{suffix}", [gates * hidden, width]);
                Add($"weight_hh_l{layer}{suffix}", [gates * hidden, hidden]);
                if (!bias)
                    continue;
                Add($"bias_ih_l{layer}{suffix}", [gates * hidden]);
                Add($"bias_hh_l{layer}{suffix}", [gates * hidden]);
            }
        }

        void Add(string name, long[] shape)
        {
            module.Own(name, empty(shape, type).uniform_(-bound, bound));
            _names.Add(name);
        }
    }

    internal Tensor[] Tensors => [.. _names.Select(_module.OwnParameter)];
}
