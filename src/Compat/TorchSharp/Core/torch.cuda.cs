namespace TorchSharp;

public static partial class torch
{
    /// <summary>The distribution's libtorch is built without CUDA.</summary>
    public static class cuda
    {
        public static bool is_available() => false;

        public static void manual_seed(long seed)
        {
        }
    }
}
