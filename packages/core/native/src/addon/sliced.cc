// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include <utility>

#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"
#include "memory.h"

namespace zs {

namespace {

// Bytes that zenoh keeps for JavaScript, more or fewer by `change`.
void account(Napi::Env env, int64_t change) { Napi::MemoryManagement::AdjustExternalMemory(env, change); }

int64_t left(const SlicedHandle& payload) { return static_cast<int64_t>(payload.left()); }

// (payload, slice): [ArrayBuffer, region id]
Napi::Value show(const Napi::CallbackInfo& info) {
  SlicedHandle& payload = handle<SlicedHandle>(info, 0);
  const int64_t before = left(payload);
  rust::Box<RegionGuard> region = payload.show(size(info, 1));
  // The ArrayBuffer counts for itself.
  account(info.Env(), left(payload) - before);
  return shown(info.Env(), expose(info.Env(), std::move(region)));
}

// (payload, slice, offset, Uint8Array): fills the array from there on
Napi::Value copy(const Napi::CallbackInfo& info) {
  SlicedHandle& payload = handle<SlicedHandle>(info, 0);
  const size_t slice = size(info, 1);
  const size_t offset = size(info, 2);
  if (!info[3].IsTypedArray()) throw codedError(info.Env(), "INVALID_ARGUMENT", "argument 3 must be a Uint8Array");
  Napi::Uint8Array out = info[3].As<Napi::Uint8Array>();
  payload.copy(slice, offset, {out.Data(), out.ByteLength()});
  return info.Env().Undefined();
}

// (payload)
Napi::Value clear(const Napi::CallbackInfo& info) {
  SlicedHandle& payload = handle<SlicedHandle>(info, 0);
  account(info.Env(), -left(payload));
  payload.clear();
  return info.Env().Undefined();
}

}  // namespace

Napi::Value makeSliced(Napi::Env env, rust::Box<SlicedHandle> payload) {
  account(env, left(*payload));
  SlicedHandle* raw = payload.into_raw();
  auto external = Napi::External<SlicedHandle>::New(env, raw, [](Napi::Env ending, SlicedHandle* held) {
    account(ending, -left(*held));
    rust::Box<SlicedHandle>::from_raw(held);
  });
  external.TypeTag(&TypeTag<SlicedHandle>::tag);
  return external;
}

void exportSliced(Napi::Object exports) {
  exportFunction<show>(exports, "slicedShow");
  exportFunction<copy>(exports, "slicedCopy");
  exportFunction<clear>(exports, "slicedClear");
}

}  // namespace zs
