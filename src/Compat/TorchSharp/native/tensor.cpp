// A tensor's lifetime, its description and its memory.
#include "native.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>

using mlattention::from_handle;
using mlattention::guarded;
using mlattention::Handle;
using mlattention::to_handle;

MLATTENTION_EXPORT void mlattention_tensor_release(Handle handle) {
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle);
}

// A second reference to the same native tensor.
MLATTENTION_EXPORT Handle mlattention_tensor_share(Handle handle) {
  return to_handle(from_handle(handle));
}

MLATTENTION_EXPORT int64_t mlattention_tensor_dim(Handle handle) {
  return handle->dim();
}

MLATTENTION_EXPORT int64_t mlattention_tensor_numel(Handle handle) {
  return handle->numel();
}

MLATTENTION_EXPORT int64_t mlattention_tensor_element_size(Handle handle) {
  return static_cast<int64_t>(handle->itemsize());
}

MLATTENTION_EXPORT int64_t mlattention_tensor_storage_offset(Handle handle) {
  return guarded<int64_t>(-1, [&] { return handle->storage_offset(); });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_sizes(Handle handle, int64_t* sizes) {
  return guarded([&] {
    for (const int64_t size : handle->sizes()) *sizes++ = size;
  });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_strides(Handle handle, int64_t* strides) {
  return guarded([&] {
    for (const int64_t stride : handle->strides()) *strides++ = stride;
  });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_dtype(Handle handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
}

MLATTENTION_EXPORT int32_t mlattention_tensor_device_type(Handle handle) {
  return guarded<int32_t>(0, [&] { return static_cast<int32_t>(handle->device().type()); });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_device_index(Handle handle) {
  return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(handle->device().index()); });
}

MLATTENTION_EXPORT int32_t mlattention_tensor_is_contiguous(Handle handle) {
  return handle->is_contiguous() ? 1 : 0;
}

MLATTENTION_EXPORT int32_t mlattention_tensor_is_sparse(Handle handle) {
  return handle->is_sparse() ? 1 : 0;
}

MLATTENTION_EXPORT void* mlattention_tensor_data(Handle handle) {
  return guarded<void*>(nullptr, [&] { return from_handle(handle).data_ptr(); });
}

// A tensor over memory that .NET keeps in place until libtorch calls `release(context)`.
MLATTENTION_EXPORT Handle mlattention_tensor_over_memory(
    void* data, const int64_t* sizes, int32_t dim, int32_t dtype, void* context, void (*release)(void*)) {
  return guarded<Handle>(nullptr, [&] {
    return to_handle(at::from_blob(
        data,
        c10::IntArrayRef(sizes, dim),
        [context, release](void*) { release(context); },
        at::TensorOptions(static_cast<at::ScalarType>(dtype))));
  });
}

MLATTENTION_EXPORT int32_t mlattention_get_num_threads() {
  return at::get_num_threads();
}

MLATTENTION_EXPORT int32_t mlattention_set_num_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

