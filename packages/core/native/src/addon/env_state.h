// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include <memory>

#include "napi_setup.h"
#include "rust/cxx.h"
#include "wakeup.h"

namespace zs {

struct Env;

// What one environment (the main thread or a worker) owns. Nothing native is static.
//
// Order of the end: the cleanup hook closes the wake-up and the sessions; then Node runs the finalizers of handles and
// buffers; then it deletes this. Finalizers own what they need (RegionGuard) and never look here.
class EnvState {
 public:
  static EnvState& of(Napi::Env env);
  static void install(Napi::Env env);

  EnvState();
  ~EnvState();

  Env& rust() { return *rust_; }
  Wakeup& wakeup() { return *wakeup_; }

  // For tests: behave as a runtime that refuses ArrayBuffers over native memory.
  bool externalBuffersForbidden = false;

 private:
  std::shared_ptr<Wakeup> wakeup_;
  rust::Box<Env> rust_;
};

// JavaScript: attach(onWake), keepAlive(boolean), poll(), rest(), counters().
void exportEnvironment(Napi::Object exports);

}  // namespace zs
