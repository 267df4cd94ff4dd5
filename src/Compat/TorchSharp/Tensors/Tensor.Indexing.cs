using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(TensorIndex.Single(i1));
            set => index_put_(value, TensorIndex.Single(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            Tensor view = View(indices, out Tensor[] positions);
            if (positions is null)
                return view;
            using (view)
                return Aten.Call("index.Tensor", view, Argument.OptionalList(positions));
        }

        public Tensor index(params Tensor[] indices) => Aten.Call("index.Tensor", this, Argument.OptionalList(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using Tensor view = View(indices, out Tensor[] positions);
            if (positions is null)
                view.copy_(value);
            else
                Aten.CallInPlace("index_put_", view, Argument.OptionalList(positions), value);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = Aten.Call("scalar_tensor", value, dtype);
            return index_put_(number, indices);
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Aten.CallInPlace("index_put_", this, Argument.OptionalList(indices), value);

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);

        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);

        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add", this, dim, index, src);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        /// <summary>
        /// Applies the numbers, ranges, new dimensions and the ellipsis, one view after another; the tensors among the indices are
        /// returned at the dimensions they select from, null when there are none.
        /// </summary>
        private Tensor View(TensorIndex[] indices, out Tensor[] positions)
        {
            positions = null;
            Tensor view = alias();
            int dimension = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                TensorIndex index = indices[i];
                Tensor next = null;
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        next = view.select(dimension, index.start.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        next = Aten.Call("slice.Tensor", view, dimension, index.start, index.stop, index.step ?? 1);
                        dimension++;
                        break;
                    case TensorIndex.Kind.None:
                    case TensorIndex.Kind.Null:
                        next = view.unsqueeze(dimension++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        int consuming = indices.Skip(i + 1).Count(later => later.kind is TensorIndex.Kind.Single or TensorIndex.Kind.Slice or TensorIndex.Kind.Tensor);
                        dimension = (int)view.Dimensions - consuming;
                        break;
                    case TensorIndex.Kind.Bool:
                        next = view.unsqueeze(dimension);
                        positions ??= new Tensor[Dimensions + indices.Length];
                        positions[dimension] = tensor(new[] { index.start != 0 });
                        dimension++;
                        break;
                    case TensorIndex.Kind.Tensor:
                        positions ??= new Tensor[Dimensions + indices.Length];
                        positions[dimension] = index.tensor;
                        dimension += index.tensor.dtype == ScalarType.Bool ? (int)index.tensor.Dimensions : 1;
                        break;
                }

                if (next is not null)
                {
                    view.Dispose();
                    view = next;
                }
            }

            if (positions is not null)
                positions = positions[..(Array.FindLastIndex(positions, position => position is not null) + 1)];
            return view;
        }
    }

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor nonzero(Tensor input) => input.nonzero();
}
