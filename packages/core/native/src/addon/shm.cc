// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"
#include "memory.h"

namespace zs {

namespace {

// (size, alignment)
Napi::Value makePool(const Napi::CallbackInfo& info) {
  return makeHandle(info.Env(), shm_pool(size(info, 0), size(info, 1)));
}

// (pool, size, policy, limit)
Napi::Value alloc(const Napi::CallbackInfo& info) {
  const ShmPool& pool = handle<ShmPool>(info, 0);
  const auto policy = static_cast<uint8_t>(word(info, 2));
  return exposeInPlace(info.Env(), pool.alloc(environment(info), size(info, 1), policy, size(info, 3)));
}

// (pool, ticket, size, policy, limit, timeout in ms or 0)
Napi::Value allocAsync(const Napi::CallbackInfo& info) {
  const ShmPool& pool = handle<ShmPool>(info, 0);
  const auto policy = static_cast<uint8_t>(word(info, 3));
  return operation(
      info, pool.alloc_async(environment(info), word(info, 1), size(info, 2), policy, size(info, 4), size(info, 5)));
}

// (pool, ticket)
Napi::Value cancel(const Napi::CallbackInfo& info) {
  handle<ShmPool>(info, 0).cancel(word(info, 1));
  return info.Env().Undefined();
}

// (pool, force)
Napi::Value collect(const Napi::CallbackInfo& info) {
  const size_t largest = handle<ShmPool>(info, 0).collect(info[1].ToBoolean());
  return Napi::Number::New(info.Env(), static_cast<double>(largest));
}

// (pool)
Napi::Value defragment(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(handle<ShmPool>(info, 0).defragment()));
}

// (pool)
Napi::Value stats(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<ShmPool>(info, 0).stats()));
}

// (session)
Napi::Value sessionPool(const Napi::CallbackInfo& info) {
  return makeHandle(info.Env(), handle<SessionHandle>(info, 0).shm_pool());
}

// (session's pool)
Napi::Value sessionReady(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionPool>(info, 0).ready(environment(info)));
}

// (session's pool)
Napi::Value sessionSize(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(handle<SessionPool>(info, 0).size()));
}

// (session's pool, size, policy, limit)
Napi::Value sessionAlloc(const Napi::CallbackInfo& info) {
  const SessionPool& pool = handle<SessionPool>(info, 0);
  const auto policy = static_cast<uint8_t>(word(info, 2));
  return exposeInPlace(info.Env(), pool.alloc(environment(info), size(info, 1), policy, size(info, 3)));
}

// (session's pool)
Napi::Value sessionCollect(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(handle<SessionPool>(info, 0).collect()));
}

Napi::Value cleanup(const Napi::CallbackInfo& info) { return operation(info, shm_cleanup(environment(info))); }

// (session | undefined)
Napi::Value diagnose(const Napi::CallbackInfo& info) {
  if (info[0].IsUndefined()) return operation(info, shm_diagnose(environment(info)));
  return operation(info, handle<SessionHandle>(info, 0).shm_diagnose(environment(info)));
}

}  // namespace

void exportShm(Napi::Object exports) {
  exportFunction<makePool>(exports, "shmPool");
  exportFunction<alloc>(exports, "shmAlloc");
  exportFunction<allocAsync>(exports, "shmAllocAsync");
  exportFunction<cancel>(exports, "shmCancel");
  exportFunction<collect>(exports, "shmCollect");
  exportFunction<defragment>(exports, "shmDefragment");
  exportFunction<stats>(exports, "shmStats");
  exportFunction<sessionPool>(exports, "sessionShmPool");
  exportFunction<sessionReady>(exports, "sessionShmReady");
  exportFunction<sessionSize>(exports, "sessionShmSize");
  exportFunction<sessionAlloc>(exports, "sessionShmAlloc");
  exportFunction<sessionCollect>(exports, "sessionShmCollect");
  exportFunction<cleanup>(exports, "shmCleanup");
  exportFunction<diagnose>(exports, "shmDiagnose");
}

}  // namespace zs
