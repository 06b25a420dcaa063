// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include "errors.h"
#include "napi_setup.h"
#include "rust/cxx.h"
#include "type_tags.h"

namespace zs {

// A Rust object that JavaScript holds. The External owns it; its finalizer drops it on the JavaScript thread.
template <typename T>
Napi::Value makeHandle(Napi::Env env, rust::Box<T> box) {
  T* raw = box.into_raw();
  auto external = Napi::External<T>::New(env, raw, [](Napi::Env, T* held) { rust::Box<T>::from_raw(held); });
  external.TypeTag(&TypeTag<T>::tag);
  return external;
}

template <typename T>
T& handle(const Napi::CallbackInfo& info, size_t index) {
  Napi::Value value = info[index];
  if (!value.IsExternal() || !value.As<Napi::External<T>>().CheckTypeTag(&TypeTag<T>::tag)) {
    throw codedError(info.Env(), "INVALID_ARGUMENT",
                     "argument " + std::to_string(index) + " is not a " + TypeTag<T>::name + " handle");
  }
  return *value.As<Napi::External<T>>().Data();
}

}  // namespace zs
