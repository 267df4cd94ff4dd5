namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// y = W x + b over blocks of tokens, with W as it is stored: [tile of inputs][output][N inputs]. All three products read this one
/// form, and the gradient has it too, so that nothing is packed or unpacked between steps.
/// </summary>
/// <param name="weight">The stored weights; see <see cref="StoredForm"/>.</param>
/// <param name="bias">The stored bias.</param>
/// <param name="outputs">Padded number of outputs.</param>
/// <param name="inputs">Padded number of inputs.</param>
/// <remarks>
/// A part of W that stays in a core's second cache meets all blocks of tokens before the next part is fetched, so that W comes from
/// memory once, and two blocks' part of the input stays in the first cache while it meets that part of W.
/// </remarks>
internal sealed unsafe class StoredLinear<T>(float* weight, float* bias, int outputs, int inputs) where T : struct, ILanes<T>
{
    /// <summary>Inputs, or outputs, that are summed in one pass: so much of two blocks, and a tile of W, share the first cache.</summary>
    private const int CachedDepth = 128;

    /// <summary>The other side of the part of W that meets all blocks.</summary>
    private const int CachedWidth = 512;

    /// <summary>Padded number of outputs.</summary>
    public int Outputs => outputs;

    /// <summary>Padded number of inputs.</summary>
    public int Inputs => inputs;

    /// <summary>x [blocks][Inputs][N] -> y [blocks][Outputs][N].</summary>
    public void Forward(float* x, int blocks, float* y)
    {
        int n = T.Count;
        nint xBlock = (nint)inputs * n, yBlock = (nint)outputs * n, tileRow = (nint)outputs * n;
        for (int from = 0; from < inputs; from += CachedDepth)
        {
            int tiles = Math.Min(CachedDepth, inputs - from) / n;
            for (int group = 0; group < outputs; group += CachedWidth)
            {
                int end = Math.Min(outputs, group + CachedWidth);
                for (int block = 0; block < blocks; block += 2)
                {
                    float* source = x + block * xBlock + (nint)from * n, target = y + block * yBlock;
                    for (int output = group; output < end; output += n)
                    {
                        float* tile = Tile(weight, output, from), start = from == 0 ? bias + output : null, sums = target + (nint)output * n;
                        if (block + 1 < blocks) T.MultiplyBlocksPair(tiles, tile, tileRow, source, n, xBlock, sums, n, yBlock, start, from > 0, tile + n * n);
                        else T.MultiplyBlocks(tiles, tile, tileRow, source, n, sums, n, start, from > 0, tile + n * n);
                    }
                }
            }
        }
    }

    /// <summary>x [Inputs] of one token -> y [Outputs].</summary>
    public void ForwardOne(float* x, float* y) => VectorKernels<T>.Multiply(weight, bias, outputs, inputs, x, y);

    /// <summary>dx = Wᵀ dy, or dx += Wᵀ dy.</summary>
    public void BackwardInput(float* dy, int blocks, float* dx, bool accumulate)
    {
        int n = T.Count;
        nint xBlock = (nint)inputs * n, yBlock = (nint)outputs * n;
        for (int from = 0; from < outputs; from += CachedDepth)
        {
            int depth = Math.Min(CachedDepth, outputs - from);
            bool adds = accumulate || from > 0;
            for (int group = 0; group < inputs; group += CachedWidth)
            {
                int end = Math.Min(inputs, group + CachedWidth);
                for (int block = 0; block < blocks; block += 2)
                {
                    float* source = dy + block * yBlock + (nint)from * n, target = dx + block * xBlock;
                    for (int input = group; input < end; input += n)
                    {
                        float* tile = Tile(weight, from, input), sums = target + (nint)input * n;
                        if (block + 1 < blocks) T.MultiplyTilePair(depth, tile, n, source, yBlock, sums, xBlock, adds, tile + (nint)outputs * n);
                        else T.MultiplyTile(depth, tile, n, source, n, sums, n, adds, tile + (nint)outputs * n);
                    }
                }
            }
        }
    }

    /// <summary>dW = dy xᵀ, or adds it, and <see cref="BackwardBias"/>.</summary>
    /// <param name="dy">[blocks][Outputs][N], zero in lanes without a token.</param>
    /// <param name="xPanels">The input as <see cref="TokenLayout{T}.ToPanels"/> lays it.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="gradient">Where they go.</param>
    /// <param name="accumulate">Whether to add.</param>
    public void BackwardWeights(float* dy, float* xPanels, int blocks, LinearGradient gradient, bool accumulate)
    {
        int n = T.Count;
        nint dyBlock = (nint)outputs * n, panel = (nint)blocks * n * n, tileRow = (nint)outputs * n;
        for (int group = 0; group < inputs; group += CachedDepth)
        {
            int end = Math.Min(inputs, group + CachedDepth);
            for (int output = 0; output < outputs; output += n)
            {
                float* factors = dy + (nint)output * n;
                int input = group;
                for (; input + n < end; input += 2 * n)
                    T.MultiplyBlocksPair(blocks, factors, dyBlock, xPanels + input / n * panel, n, panel, Tile(gradient.Weight, output, input), n, tileRow, null, accumulate, factors);
                if (input < end) T.MultiplyBlocks(blocks, factors, dyBlock, xPanels + input / n * panel, n, Tile(gradient.Weight, output, input), n, null, accumulate, factors);
            }
        }
        BackwardBias(dy, blocks, gradient, accumulate);
    }

    /// <summary>Lane by lane db = sum of dy over the tokens, or adds it.</summary>
    public void BackwardBias(float* dy, int blocks, LinearGradient gradient, bool accumulate)
    {
        int n = T.Count;
        for (int output = 0; output < outputs; output++)
        {
            float* lanes = gradient.BiasLanes + output * n;
            T sum = accumulate ? T.Load(lanes) : T.Create(0);
            for (int block = 0; block < blocks; block++) sum += T.Load(dy + ((nint)block * outputs + output) * n);
            T.Store(sum, lanes);
        }
    }

    /// <summary>Adds what was written lane by lane to the gradient of the bias.</summary>
    public void AddBiasLanes(LinearGradient gradient, float* bias)
    {
        for (int output = 0; output < outputs; output++) bias[output] += T.Sum(T.Load(gradient.BiasLanes + output * T.Count));
    }

    /// <summary>The tile whose first output and input these are.</summary>
    private float* Tile(float* tiles, int output, int input) => tiles + (nint)input * outputs + (nint)output * T.Count;
}

/// <summary>Where the gradient of a linear map goes: of its weights as they are stored, and of its bias lane by lane, [Outputs][N].</summary>
internal readonly unsafe struct LinearGradient(float* weight, float* biasLanes)
{
    public float* Weight { get; } = weight;

    public float* BiasLanes { get; } = biasLanes;
}
