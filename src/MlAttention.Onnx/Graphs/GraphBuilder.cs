using System.Runtime.InteropServices;

namespace MlAttention.Onnx.Graphs;

/// <summary>
/// Makes an ONNX graph node by node. What is asked for first stands first, so the order of the calls is the order in which the graph
/// computes; names follow the part of the model that is being built, as <see cref="In"/> says.
/// </summary>
internal sealed class GraphBuilder(string name)
{
    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private string _scope = "";

    /// <summary>The graph so far.</summary>
    public GraphProto Graph => _graph;

    /// <summary>Until the result is disposed of, nodes are named as parts of <paramref name="part"/>.</summary>
    public IDisposable In(string part)
    {
        string before = _scope;
        _scope = $"{before}{part}/";
        return new Scope(() => _scope = before);
    }

    /// <summary>An input of the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="dimensions">The names of its dimensions, whose sizes are free.</param>
    public Value Input(string name, TensorProto.Types.DataType type, params string[] dimensions)
    {
        _graph.Input.Add(Information(name, type, dimensions));
        return new Value(this, name);
    }

    /// <summary>Makes a value an output of the graph.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="value">The value, a float.</param>
    /// <param name="dimensions">Names of free dimensions, and sizes.</param>
    public void Output(string name, Value value, params object[] dimensions)
    {
        _graph.Node.Add(new NodeProto { Name = name, OpType = "Identity", Input = { value.Name }, Output = { name } });
        _graph.Output.Add(Information(name, TensorProto.Types.DataType.Float, dimensions));
    }

    /// <summary>A node with one output.</summary>
    public Value Node(string operation, IEnumerable<Value> inputs, params (string Name, object Value)[] attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public Value[] Nodes(string operation, IEnumerable<Value> inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string name = Unique(_scope + operation);
        var node = new NodeProto { Name = name, OpType = operation };
        node.Input.AddRange(inputs.Select(input => input.Name));
        node.Output.AddRange(Enumerable.Range(0, outputs).Select(output => outputs == 1 ? name : $"{name}:{output}"));
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return [.. node.Output.Select(output => new Value(this, output))];
    }

    /// <summary>Numbers that the file holds, under a name of their own.</summary>
    /// <remarks>Those of 16 bits are a node's: ML.NET's ApplyOnnxModel refuses a graph with initializers of a type that it has no column for.</remarks>
    /// <typeparam name="T">float, Half, sbyte or long.</typeparam>
    public Value Weight<T>(string name, ReadOnlyMemory<T> values, params int[] shape) where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TypeOf<T>(), RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.Span)) };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        if (typeof(T) != typeof(Half)) _graph.Initializer.Add(tensor);
        else _graph.Node.Add(new NodeProto { Name = name, OpType = "Constant", Output = { name }, Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor } } });
        return new Value(this, name);
    }

    /// <summary>One number, the same wherever it is asked for.</summary>
    public Value Constant(float value) => Constant($"float({value.ToString("R", CultureInfo.InvariantCulture)})", () => new float[] { value });

    /// <summary>One whole number.</summary>
    public Value Constant(long value) => Constant($"int({value.ToString(CultureInfo.InvariantCulture)})", () => new long[] { value });

    /// <summary>A list of whole numbers, such as sizes and axes.</summary>
    public Value List(params long[] values)
    {
        string name = $"list({string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))})";
        return _constants.TryGetValue(name, out var known) ? known : _constants[name] = Weight<long>(name, values, values.Length);
    }

    private Value Constant<T>(string name, Func<T[]> value) where T : unmanaged =>
        _constants.TryGetValue(name, out var known) ? known : _constants[name] = Weight<T>(name, value());

    private string Unique(string name)
    {
        int uses = _uses[name] = _uses.GetValueOrDefault(name) + 1;
        return uses == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{uses}");
    }

    private static TensorProto.Types.DataType TypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorProto.Types.DataType.Float
        : typeof(T) == typeof(Half) ? TensorProto.Types.DataType.Float16
        : typeof(T) == typeof(sbyte) ? TensorProto.Types.DataType.Int8
        : typeof(T) == typeof(long) ? TensorProto.Types.DataType.Int64
        : throw new NotSupportedException($"Weights of type {typeof(T)} are not known.");

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int number => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = number },
        float number => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = number },
        string text => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        int[] numbers => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { numbers.Select(number => (long)number) } },
        _ => throw new NotSupportedException($"An attribute of type {value.GetType()} is not known."),
    };

    private static ValueInfoProto Information(string name, TensorProto.Types.DataType type, IEnumerable<object> dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select(dimension => dimension is int size ? new TensorShapeProto.Types.Dimension { DimValue = size } : new() { DimParam = (string)dimension }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
