// Gradients: what a tensor records, the modes of a thread, and the two ways to run backwards.
#include "native.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

using mlattention::from_handle;
using mlattention::guarded;
using mlattention::Handle;
using mlattention::to_handle;

namespace {

torch::autograd::variable_list to_list(const Handle* handles, int32_t count) {
  torch::autograd::variable_list list;
  list.reserve(count);
  for (int32_t i = 0; i < count; ++i) list.push_back(from_handle(handles[i]));
  return list;
}

}  // namespace

MLATTENTION_EXPORT int32_t mlattention_tensor_requires_grad(Handle handle) {
  return guarded<int32_t>(-1, [&] { return from_handle(handle).requires_grad() ? 1 : 0; });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] { from_handle(handle).set_requires_grad(value != 0); });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_is_leaf(Handle handle) {
  return guarded<int32_t>(-1, [&] { return from_handle(handle).is_leaf() ? 1 : 0; });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_retain_grad(Handle handle) {
  return guarded([&] { from_handle(handle).retain_grad(); });
}

// Null when there is no gradient.
MLATTENTION_EXPORT Handle mlattention_tensor_grad(Handle handle) {
  return guarded<Handle>(nullptr, [&] { return to_handle(from_handle(handle).grad()); });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_set_grad(Handle handle, Handle grad) {
  return guarded([&] { from_handle(handle).mutable_grad() = from_handle(grad); });
}

MLATTENTION_EXPORT int32_t mlattention_grad_mode() {
  return c10::GradMode::is_enabled() ? 1 : 0;
}

MLATTENTION_EXPORT void mlattention_set_grad_mode(int32_t enabled) {
  c10::GradMode::set_enabled(enabled != 0);
}

MLATTENTION_EXPORT int32_t mlattention_inference_mode() {
  return c10::InferenceMode::is_enabled() ? 1 : 0;
}

MLATTENTION_EXPORT void* mlattention_inference_mode_enter(int32_t enabled) {
  return guarded<void*>(nullptr, [&] { return new c10::InferenceMode(enabled != 0); });
}

MLATTENTION_EXPORT void mlattention_inference_mode_leave(void* mode) {
  delete static_cast<c10::InferenceMode*>(mode);
}

MLATTENTION_EXPORT int32_t mlattention_backward(
    const Handle* tensors, int32_t tensor_count, const Handle* gradients, int32_t gradient_count,
    int32_t retain_graph, int32_t create_graph, const Handle* inputs, int32_t input_count) {
  return guarded([&] {
    torch::autograd::backward(
        to_list(tensors, tensor_count), to_list(gradients, gradient_count),
        retain_graph != 0, create_graph != 0, to_list(inputs, input_count));
  });
}

// Writes one gradient for each input; null for an input that was not used.
MLATTENTION_EXPORT int32_t mlattention_grad(
    const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count,
    const Handle* gradients, int32_t gradient_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
  return guarded([&] {
    auto computed = torch::autograd::grad(
        to_list(outputs, output_count), to_list(inputs, input_count), to_list(gradients, gradient_count),
        retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (at::Tensor& gradient : computed) *results++ = to_handle(std::move(gradient));
  });
}
