using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Move(CPU, dtype);

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(device, dtype);

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Move(new Device(deviceType, deviceIndex), null);

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private Module Move(Device device, ScalarType? type)
            {
                if (type is not null && !torch.is_floating_point(type.Value) && !torch.is_complex(type.Value))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={type}");
                if (device.type == DeviceType.CUDA)
                    throw new InvalidOperationException("CUDA is not available.");

                foreach ((_, Module module) in named_children())
                    module.Move(device, type);
                Dictionary<string, FieldInfo> fields = Fields().ToDictionary(ComponentName);
                foreach ((string name, Parameter parameter) in named_parameters(false).ToList())
                {
                    if (type is null || parameter.dtype == type || !parameter.is_floating_point())
                        continue;
                    Parameter moved = Converted(parameter, type.Value);
                    parameter.Dispose();
                    ConditionallyRegisterParameter(name, moved);
                    if (fields.TryGetValue(name, out FieldInfo field))
                        field.SetValue(this, moved);
                }

                foreach ((string name, Tensor buffer) in named_buffers(false).ToList())
                {
                    if (type is null || buffer.dtype == type || !buffer.is_floating_point())
                        continue;
                    Tensor moved = buffer.to(type.Value, disposeAfter: true).DetachFromDisposeScope();
                    ConditionallyRegisterBuffer(name, moved);
                    if (fields.TryGetValue(name, out FieldInfo field))
                        field.SetValue(this, moved);
                }

                return this;
            }

            // Without recording: the new parameter is a leaf of its own, with the gradient that the old one had.
            private static Parameter Converted(Parameter parameter, ScalarType type)
            {
                using IDisposable mode = no_grad();
                var moved = new Parameter(parameter.to(type), parameter.requires_grad);
                moved.DetachFromDisposeScope();
                using Tensor gradient = parameter.grad;
                if (gradient is not null)
                {
                    using Tensor converted = gradient.to(type);
                    moved.grad = converted;
                }

                return moved;
            }
        }
    }
}
