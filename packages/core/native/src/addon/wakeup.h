// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include <mutex>

// No napi.h here: the Rust bridge includes this header.
typedef struct napi_threadsafe_function__* napi_threadsafe_function;

namespace zs {

// Makes the event loop of one environment call its poll function. Any thread may signal, also after the environment's
// end.
class Wakeup {
 public:
  Wakeup() = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  void signal() const noexcept;

  // JavaScript thread only, from here on.
  void open(napi_threadsafe_function function);
  void close() noexcept;
  napi_threadsafe_function function() const { return function_; }

 private:
  mutable std::mutex mutex_;
  // Null before open and after close; a thread-safe function must not be called once its environment is gone.
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace zs
