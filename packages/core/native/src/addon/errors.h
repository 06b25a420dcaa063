// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include <string>

#include "napi_setup.h"

namespace zs {

// A JavaScript Error with a `code`.
Napi::Error codedError(Napi::Env env, const std::string& code, const std::string& text);

// From what the Rust side writes: code, separator, text (fault.rs).
Napi::Error faultError(Napi::Env env, const std::string& fault);

// Turns whatever is being handled into a coded JavaScript error; call it from a catch (...) block.
[[noreturn]] void rethrowCoded(Napi::Env env);

// An exported function: no C++ exception but Napi::Error leaves it.
template <Napi::Value (*body)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return body(info);
  } catch (...) {
    rethrowCoded(info.Env());
  }
}

template <Napi::Value (*body)(const Napi::CallbackInfo&)>
void exportFunction(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<body>>(exports.Env(), name));
}

}  // namespace zs
