// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "memory.h"

#include <cstring>
#include <utility>

#include "arguments.h"
#include "env_state.h"
#include "errors.h"
#include "exports.h"

namespace zs {

Exposed expose(Napi::Env env, rust::Box<RegionGuard> region) {
  const size_t length = region->len();
  void* data = reinterpret_cast<void*>(region->address());
  const double id = static_cast<double>(region->id());
  const bool forbidden = EnvState::of(env).externalBuffersForbidden;
  RegionGuard* raw = region.into_raw();
  const auto finalize = [](napi_env, void*, void* hint) {
    rust::Box<RegionGuard>::from_raw(static_cast<RegionGuard*>(hint));
  };
  napi_value buffer;
  napi_status status = forbidden ? napi_no_external_buffers_allowed
                                 : napi_create_external_arraybuffer(env, data, length, finalize, raw, &buffer);
  if (status == napi_ok) return {buffer, id};
  // Any other failure: whether the finalizer ran is not told (for a buffer beyond the runtime's longest it did), and a
  // leak is better than freeing twice.
  if (status != napi_no_external_buffers_allowed) throw Napi::Error::New(env);
  const rust::Box<RegionGuard> held = rust::Box<RegionGuard>::from_raw(raw);
  void* copy = nullptr;
  status = napi_create_arraybuffer(env, length, &copy, &buffer);
  if (status != napi_ok) throw Napi::Error::New(env);
  std::memcpy(copy, data, length);
  return {buffer, 0};
}

Napi::Value shown(Napi::Env env, const Exposed& exposed) {
  Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, Napi::Value(env, exposed.buffer));
  result.Set(1u, Napi::Number::New(env, exposed.id));
  return result;
}

Napi::Value exposeInPlace(Napi::Env env, rust::Box<RegionGuard> region) {
  const Exposed exposed = expose(env, std::move(region));
  if (exposed.id == 0) {
    throw codedError(env, "BUFFER_UNSUPPORTED", "this runtime forbids ArrayBuffers over native memory");
  }
  return shown(env, exposed);
}

namespace {

// (size, alignment)
Napi::Value allocHeap(const Napi::CallbackInfo& info) {
  Env& env = EnvState::of(info.Env()).rust();
  return exposeInPlace(info.Env(), heap_alloc(env, size(info, 0), size(info, 1)));
}

// (ArrayBuffer, region id): detaches the buffer, then drops the memory. A buffer that someone else detached may have
// moved its memory on, so that only the garbage collector knows when it is free.
Napi::Value releaseRegion(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArrayBuffer()) throw codedError(env, "INVALID_ARGUMENT", "argument 0 must be an ArrayBuffer");
  bool gone = false;
  if (napi_is_detached_arraybuffer(env, info[0], &gone) != napi_ok || gone) return Napi::Boolean::New(env, false);
  if (napi_detach_arraybuffer(env, info[0]) != napi_ok) return Napi::Boolean::New(env, false);
  region_release(EnvState::of(env).rust(), size(info, 1));
  return Napi::Boolean::New(env, true);
}

// (region id): what `ChunkUse` says
Napi::Value chunkUse(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), region_chunk_use(environment(info), size(info, 0)));
}

// (forbidden): for tests.
Napi::Value forbidExternalBuffers(const Napi::CallbackInfo& info) {
  EnvState::of(info.Env()).externalBuffersForbidden = info[0].ToBoolean();
  return info.Env().Undefined();
}

}  // namespace

void exportMemory(Napi::Object exports) {
  exportFunction<allocHeap>(exports, "allocHeap");
  exportFunction<chunkUse>(exports, "chunkUse");
  exportFunction<forbidExternalBuffers>(exports, "forbidExternalBuffers");
  exportFunction<releaseRegion>(exports, "releaseRegion");
}

}  // namespace zs
