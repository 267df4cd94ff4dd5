using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>A check of a kernel that is written once and run on every vector width of the machine.</summary>
internal interface IWidthCheck
{
    void Run<T>() where T : struct, ILanes<T>;
}

/// <summary>The vector widths that this machine has.</summary>
internal static class Widths
{
    public static TheoryData<int> All() => [.. new[] { 128, 256, 512 }.Where(width => width <= LaneWidth.Widest)];

    public static void Run(int width, IWidthCheck check)
    {
        switch (width)
        {
            case 512: check.Run<Lanes512>(); break;
            case 256: check.Run<Lanes256>(); break;
            default: check.Run<Lanes128>(); break;
        }
    }
}
