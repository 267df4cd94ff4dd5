// What every file of this library shares: exported names, the handles that cross to .NET, and the guard that
// turns a C++ exception into a failure code.
#pragma once

#include <ATen/core/TensorBase.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <exception>
#include <utility>

#define MLATTENTION_EXPORT extern "C" __attribute__((visibility("default")))

namespace mlattention {

// Keeps the message of an exception for the calling thread, where mlattention_last_error finds it.
void remember_error(const std::exception& error) noexcept;

// Runs body; an exception becomes the value `failure`.
template <typename Value, typename Body>
Value guarded(Value failure, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& error) {
    remember_error(error);
  }
  return failure;
}

// For functions without a result: 0 on success, -1 after an exception.
template <typename Body>
int32_t guarded(Body&& body) noexcept {
  return guarded<int32_t>(-1, [&] {
    body();
    return 0;
  });
}

// A tensor crosses as the pointer to its implementation, of which the .NET object owns one reference.
// The undefined tensor crosses as a null pointer.
using Handle = c10::TensorImpl*;

inline Handle to_handle(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline at::Tensor from_handle(Handle handle) {
  return handle == nullptr
      ? at::Tensor()
      : at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

}  // namespace mlattention
