// Every operator of libtorch, by name: .NET hands over the operator and its arguments, libtorch's own registry
// finds the schema, supplies the defaults of trailing arguments and runs the kernel, autograd included.
#include "native.h"

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using mlattention::from_handle;
using mlattention::guarded;
using mlattention::Handle;
using mlattention::to_handle;

// Mirrors TorchSharp.Native.ValueKind.
enum class Kind : int32_t {
  None = 0,
  Tensor = 1,
  Integer = 2,
  Real = 3,
  Boolean = 4,
  IntegerList = 5,
  RealList = 6,
  TensorList = 7,
  OptionalTensorList = 8,
  String = 9,
  Device = 10,
  Generator = 11,
};

// Mirrors TorchSharp.Native.NativeValue. A list is `count` elements at `data`.
struct Value {
  Kind kind;
  int32_t count;
  union {
    int64_t integer;
    double real;
    const void* data;
  };
};

c10::IValue tensor_list(const Handle* handles, int32_t count) {
  c10::List<at::Tensor> list;
  list.reserve(count);
  for (int32_t i = 0; i < count; ++i) list.push_back(from_handle(handles[i]));
  return list;
}

c10::IValue optional_tensor_list(const Handle* handles, int32_t count) {
  c10::List<c10::optional<at::Tensor>> list;
  list.reserve(count);
  for (int32_t i = 0; i < count; ++i) {
    list.push_back(handles[i] == nullptr ? c10::optional<at::Tensor>() : from_handle(handles[i]));
  }
  return list;
}

c10::IValue to_ivalue(const Value& value) {
  switch (value.kind) {
    case Kind::None:
      return c10::IValue();
    case Kind::Tensor:
      return from_handle(static_cast<Handle>(const_cast<void*>(value.data)));
    case Kind::Integer:
      return value.integer;
    case Kind::Real:
      return value.real;
    case Kind::Boolean:
      return value.integer != 0;
    case Kind::IntegerList: {
      const auto* first = static_cast<const int64_t*>(value.data);
      return c10::IValue(c10::ArrayRef<int64_t>(first, value.count));
    }
    case Kind::RealList: {
      const auto* first = static_cast<const double*>(value.data);
      return c10::IValue(c10::ArrayRef<double>(first, value.count));
    }
    case Kind::TensorList:
      return tensor_list(static_cast<const Handle*>(value.data), value.count);
    case Kind::OptionalTensorList:
      return optional_tensor_list(static_cast<const Handle*>(value.data), value.count);
    case Kind::String:
      return std::string(static_cast<const char*>(value.data), value.count);
    case Kind::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.integer));
    case Kind::Generator:
      return *static_cast<const at::Generator*>(value.data);
  }
  TORCH_CHECK(false, "unknown kind of argument: ", static_cast<int32_t>(value.kind));
}

// A list of tensors becomes as many results as it has elements.
void append_result(const c10::IValue& value, std::vector<Value>& results) {
  Value result{};
  if (value.isTensor()) {
    result.kind = Kind::Tensor;
    result.data = to_handle(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) append_result(tensor, results);
    return;
  } else if (value.isInt()) {
    result.kind = Kind::Integer;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.kind = Kind::Real;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.kind = Kind::Boolean;
    result.integer = value.toBool();
  } else {
    TORCH_CHECK(value.isNone(), "unsupported kind of result: ", value.tagKind());
  }
  results.push_back(result);
}

// A whole number is given where the schema asks for a real one (eps = 1).
void coerce(c10::IValue& value, const c10::Argument& formal) {
  if (value.isInt() && formal.type()->kind() == c10::TypeKind::FloatType) value = static_cast<double>(value.toInt());
}

}  // namespace

// The operator, or null when libtorch has none of this name.
MLATTENTION_EXPORT const void* mlattention_operator_find(const char* name, const char* overload) {
  return guarded<const void*>(nullptr, [&] {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// Returns the number of results, -1 after an error. The results stay valid until the thread's next call.
MLATTENTION_EXPORT int32_t mlattention_operator_call(
    const void* operator_handle, const Value* arguments, int32_t count, const Value** results) {
  thread_local torch::jit::Stack stack;
  thread_local std::vector<Value> returned;
  return guarded<int32_t>(-1, [&] {
    const auto& op = *static_cast<const c10::OperatorHandle*>(operator_handle);
    const auto& formals = op.schema().arguments();
    TORCH_CHECK(
        static_cast<size_t>(count) <= formals.size(), op.schema().name(), " takes ", formals.size(), " arguments; got ", count);

    torch::jit::Stack values = std::move(stack);
    values.clear();
    for (size_t i = 0; i < formals.size(); ++i) {
      if (i < static_cast<size_t>(count)) {
        values.push_back(to_ivalue(arguments[i]));
        coerce(values.back(), formals[i]);
      } else {
        TORCH_CHECK(formals[i].default_value().has_value(), op.schema().name(), " needs its argument ", formals[i].name());
        values.push_back(*formals[i].default_value());
      }
    }

    op.callBoxed(&values);

    returned.clear();
    for (const c10::IValue& value : values) append_result(value, returned);
    values.clear();
    stack = std::move(values);
    *results = returned.data();
    return static_cast<int32_t>(returned.size());
  });
}
