// The last error of each thread.
#include "native.h"

#include <c10/util/Exception.h>

#include <string>

namespace {
thread_local std::string last_error;
}

namespace mlattention {

void remember_error(const std::exception& error) noexcept {
  try {
    const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
    last_error = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
  } catch (...) {
    last_error.clear();
  }
}

}  // namespace mlattention

MLATTENTION_EXPORT const char* mlattention_last_error() {
  return last_error.c_str();
}
