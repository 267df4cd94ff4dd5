using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Sequences of different lengths in one tensor.</summary>
            public static partial class rnn
            {
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    if (enforce_sorted)
                        return Packed(Aten.CallPair("_pack_padded_sequence", input, lengths, batch_first), null, null);
                    (Tensor sortedLengths, Tensor order) = lengths.sort(descending: true);
                    using (sortedLengths)
                    using (Tensor sortedInput = input.index_select(batch_first ? 0 : 1, order))
                        return Packed(Aten.CallPair("_pack_padded_sequence", sortedInput, sortedLengths, batch_first), order, order.argsort());
                }

                public static (Tensor, Tensor) pad_packed_sequence(PackedSequence sequence, bool batch_first = false, double padding_value = 0, long? total_length = null)
                {
                    (Tensor padded, Tensor lengths) = Aten.CallPair(
                        "_pad_packed_sequence", sequence.data, sequence.batch_sizes, batch_first, padding_value, total_length ?? -1);
                    if (sequence.unsorted_indices.IsInvalid)
                        return (padded, lengths);
                    using (padded)
                    using (lengths)
                        return (padded.index_select(batch_first ? 0 : 1, sequence.unsorted_indices), lengths.index_select(0, sequence.unsorted_indices));
                }

                private static PackedSequence Packed((Tensor Data, Tensor BatchSizes) packed, Tensor order, Tensor inverse) =>
                    new(packed.Data, packed.BatchSizes, order ?? new Tensor(0), inverse ?? new Tensor(0));

                /// <summary>All first elements, then all second ones and so on, with how many there are of each.</summary>
                public sealed class PackedSequence : IDisposable
                {
                    public readonly Tensor data;
                    public readonly Tensor batch_sizes;
                    public readonly Tensor sorted_indices;
                    public readonly Tensor unsorted_indices;

                    internal PackedSequence(Tensor data, Tensor batchSizes, Tensor sortedIndices, Tensor unsortedIndices)
                    {
                        this.data = data;
                        batch_sizes = batchSizes;
                        sorted_indices = sortedIndices;
                        unsorted_indices = unsortedIndices;
                    }

                    public void Dispose()
                    {
                        data.Dispose();
                        batch_sizes.Dispose();
                        sorted_indices.Dispose();
                        unsorted_indices.Dispose();
                    }

                    /// <summary>The same sequences with other elements, as a recurrent module returns them.</summary>
                    internal PackedSequence With(Tensor elements) =>
                        new(elements, batch_sizes.alias(), Shared(sorted_indices), Shared(unsorted_indices));

                    private static Tensor Shared(Tensor tensor) => tensor.IsInvalid ? new Tensor(0) : tensor.alias();
                }
            }
        }
    }
}
