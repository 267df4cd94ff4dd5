// Random number generators: libtorch's default one and one's own.
#include "native.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>

#include <mutex>

using mlattention::from_handle;
using mlattention::guarded;
using mlattention::Handle;
using mlattention::to_handle;

MLATTENTION_EXPORT at::Generator* mlattention_generator_default() {
  return guarded<at::Generator*>(nullptr, [] { return new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

MLATTENTION_EXPORT at::Generator* mlattention_generator_new(uint64_t seed) {
  return guarded<at::Generator*>(nullptr, [&] { return new at::Generator(at::detail::createCPUGenerator(seed)); });
}

MLATTENTION_EXPORT void mlattention_generator_release(at::Generator* generator) {
  delete generator;
}

MLATTENTION_EXPORT int32_t mlattention_generator_set_seed(at::Generator* generator, uint64_t seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
  });
}

MLATTENTION_EXPORT int64_t mlattention_generator_initial_seed(const at::Generator* generator) {
  return static_cast<int64_t>(generator->current_seed());
}

// A fresh seed from the machine's entropy, which the generator starts from.
MLATTENTION_EXPORT int64_t mlattention_generator_seed(at::Generator* generator) {
  return guarded<int64_t>(0, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return static_cast<int64_t>(generator->seed());
  });
}

MLATTENTION_EXPORT Handle mlattention_generator_get_state(const at::Generator* generator) {
  return guarded<Handle>(nullptr, [&] { return to_handle(generator->get_state()); });
}

MLATTENTION_EXPORT int32_t mlattention_generator_set_state(at::Generator* generator, Handle state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(from_handle(state));
  });
}
