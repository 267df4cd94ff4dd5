using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name))
                    throw new ArgumentException("A module's name can't be empty.", nameof(name));
                if (name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (_internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_internal_params.ContainsKey(name))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                _internal_params.Add(name, param);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_internal_buffers.ContainsKey(name))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                _internal_buffers.Add(name, (tensor, persistent));
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value)
            {
                if (value is null)
                    _internal_params.Remove(name);
                else
                    _internal_params[name] = value as Parameter ?? new Parameter(value);
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor value, bool persistent = true)
            {
                if (value is null)
                    _internal_buffers.Remove(name);
                else
                    _internal_buffers[name] = (value, persistent);
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach ((string name, Parameter parameter) in _internal_params)
                {
                    if (seen.Add(parameter.HandleOrZero))
                        yield return (name, parameter);
                }

                if (!recurse)
                    yield break;
                foreach ((string module, Module submodule) in _internal_submodules)
                {
                    foreach ((string name, Parameter parameter) in submodule.named_parameters(true))
                    {
                        if (seen.Add(parameter.HandleOrZero))
                            yield return ($"{module}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(item => item.parameter);

            // As in the official package, buffers that are not persistent are never listed.
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach ((string name, (Tensor buffer, bool persistent)) in _internal_buffers)
                {
                    if (persistent && seen.Add(buffer.HandleOrZero))
                        yield return (name, buffer);
                }

                if (!recurse)
                    yield break;
                foreach ((string module, Module submodule) in _internal_submodules)
                {
                    foreach ((string name, Tensor buffer) in submodule.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.HandleOrZero))
                            yield return ($"{module}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(item => item.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(item => item.module);

            /// <summary>The modules below this one, itself not included: first its children, then what lies below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string name, Module module) in _internal_submodules)
                    yield return (name, module);
                foreach ((string name, Module module) in _internal_submodules)
                {
                    foreach ((string inner, Module submodule) in module.named_modules())
                        yield return ($"{name}.{inner}", submodule);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(item => item.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Parameter get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out Parameter parameter))
                    return parameter;
                return InChild(target, (child, rest) => child.get_parameter(rest));
            }

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Tensor get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (_internal_buffers.TryGetValue(target, out (Tensor, bool) buffer))
                    return buffer.Item1;
                return InChild(target, (child, rest) => child.get_buffer(rest));
            }

            /// <summary>The parameter as the official built-in modules hand it out: a new object at each call; null when there is none.</summary>
            internal Parameter SharedParameter(string name) => _internal_params.TryGetValue(name, out Parameter parameter) ? parameter.Share() : null;

            /// <summary>The parameter that the module itself computes with; null when there is none.</summary>
            internal Parameter OwnParameter(string name) => _internal_params.TryGetValue(name, out Parameter parameter) ? parameter : null;

            /// <summary>Registers a built-in module's parameter, which no dispose scope is to end.</summary>
            internal void Own(string name, Tensor value)
            {
                Parameter parameter = value as Parameter ?? new Parameter(value);
                parameter.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, parameter);
            }

            private T InChild<T>(string target, Func<Module, string, T> find)
                where T : class
            {
                int dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0)
                    return null;
                return named_children().Where(child => child.name == target[..dot])
                    .Select(child => find(child.module, target[(dot + 1)..]))
                    .FirstOrDefault(found => found is not null);
            }
        }
    }
}
