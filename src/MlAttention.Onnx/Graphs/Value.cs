namespace MlAttention.Onnx.Graphs;

/// <summary>A tensor that a graph computes, is given, or holds. Operators and methods add the node that computes the result, so that what builds a graph reads as its formulas.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">The tensor's name in it.</param>
internal sealed record Value(GraphBuilder Graph, string Name)
{
    public static Value operator +(Value left, Value right) => left.Graph.Node("Add", [left, right]);

    public static Value operator -(Value left, Value right) => left.Graph.Node("Sub", [left, right]);

    public static Value operator *(Value left, Value right) => left.Graph.Node("Mul", [left, right]);

    public static Value operator /(Value left, Value right) => left.Graph.Node("Div", [left, right]);

    public static Value operator +(Value left, float right) => left + left.Graph.Constant(right);

    /// <summary>The product with a number; the value itself where that is 1.</summary>
    public static Value operator *(Value left, float right) => right == 1 ? left : left * left.Graph.Constant(right);

    public static Value operator &(Value left, Value right) => left.Graph.Node("And", [left, right]);

    public static Value operator <=(Value left, long right) => left.Graph.Node("LessOrEqual", [left, left.Graph.Constant(right)]);

    public static Value operator >=(Value left, long right) => left.Graph.Node("GreaterOrEqual", [left, left.Graph.Constant(right)]);

    /// <summary>Where both are equal.</summary>
    public Value EqualTo(Value other) => Graph.Node("Equal", [this, other]);

    /// <summary>A function of each element: Tanh, Relu, Erf, Cos, Sin, Abs.</summary>
    public Value Apply(string function) => Graph.Node(function, [this]);

    public Value ToFloat() => Cast(TensorProto.Types.DataType.Float);

    public Value ToLong() => Cast(TensorProto.Types.DataType.Int64);

    public Value ToBool() => Cast(TensorProto.Types.DataType.Bool);

    /// <summary>The product of the last two dimensions' matrices.</summary>
    public Value MatMul(Value right) => Graph.Node("MatMul", [this, right]);

    public Value Softmax(int axis = -1) => Graph.Node("Softmax", [this], ("axis", axis));

    /// <summary>This where the condition holds, <paramref name="other"/> elsewhere.</summary>
    public Value Where(Value condition, Value other) => Graph.Node("Where", [condition, this, other]);

    public Value Sum(int axis) => Graph.Node("ReduceSum", [this, Graph.List(axis)], ("keepdims", 1));

    public Value Max(int axis, bool keep = true) => Graph.Node("ReduceMax", [this], ("axes", new[] { axis }), ("keepdims", keep ? 1 : 0));

    /// <summary>The larger of the value and a number.</summary>
    public Value AtLeast(float least) => Graph.Node("Max", [this, Graph.Constant(least)]);

    /// <summary>The value no lower than <paramref name="least"/> and no higher than <paramref name="most"/>.</summary>
    public Value Clip(long least, long most) => Graph.Node("Clip", [this, Graph.Constant(least), Graph.Constant(most)]);

    /// <summary>The rows at the given indexes; one out of range is an error of who runs the graph.</summary>
    public Value Gather(Value indexes) => Graph.Node("Gather", [this, indexes], ("axis", 0));

    /// <summary>The size of a dimension, a whole number.</summary>
    public Value Size(int axis) => Graph.Node("Gather", [Graph.Node("Shape", [this]), Graph.Constant(axis)], ("axis", 0));

    /// <summary>Another shape with the same elements; 0 keeps a dimension, -1 is what remains.</summary>
    public Value Reshape(params long[] shape) => Graph.Node("Reshape", [this, Graph.List(shape)]);

    /// <summary>The dimensions in another order.</summary>
    public Value Transpose(params int[] order) => Graph.Node("Transpose", [this], ("perm", order));

    /// <summary>With dimensions of size 1 at these places.</summary>
    public Value Unsqueeze(params long[] axes) => Graph.Node("Unsqueeze", [this, Graph.List(axes)]);

    /// <summary>Without a dimension of size 1.</summary>
    public Value Squeeze(long axis) => Graph.Node("Squeeze", [this, Graph.List(axis)]);

    /// <summary>Elements <paramref name="from"/> to before <paramref name="to"/> of the last dimension, each <paramref name="step"/>-th one.</summary>
    public Value LastSlice(long from, long to, long step = 1) => Graph.Node("Slice", [this, Graph.List(from), Graph.List(to), Graph.List(-1), Graph.List(step)]);

    /// <summary>Repeated along dimensions of size 1, to a shape.</summary>
    public Value Expand(Value shape) => Graph.Node("Expand", [this, shape]);

    /// <summary>The sizes of all dimensions.</summary>
    public Value Shape() => Graph.Node("Shape", [this]);

    /// <summary>One behind the other along a dimension.</summary>
    public Value Concat(Value next, int axis) => Graph.Node("Concat", [this, next], ("axis", axis));

    private Value Cast(TensorProto.Types.DataType type) => Graph.Node("Cast", [this], ("to", (int)type));
}
