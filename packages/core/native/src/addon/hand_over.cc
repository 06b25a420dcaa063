// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "memory.h"

namespace zs {

namespace {

// (segments): [token, bytes copied]
Napi::Value give(const Napi::CallbackInfo& info) {
  const Lent lent(info, 0);
  const HandedOver given = hand_over(environment(info), lent.payload());
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result.Set(0u, Napi::Number::New(info.Env(), static_cast<double>(given.token)));
  result.Set(1u, Napi::Number::New(info.Env(), static_cast<double>(given.copied)));
  return result;
}

// (token): [buffers, region ids, views], a view being three numbers: index of the buffer, start, length
Napi::Value take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  rust::Box<Claimed> claimed = claim(environment(info), size(info, 0));
  const size_t count = claimed->region_count();
  Napi::Array buffers = Napi::Array::New(env, count);
  Napi::Array ids = Napi::Array::New(env, count);
  for (size_t i = count; i-- > 0;) {
    const Exposed exposed = expose(env, claimed->pop_region());
    buffers.Set(i, Napi::Value(env, exposed.buffer));
    ids.Set(i, Napi::Number::New(env, exposed.id));
  }
  const auto places = claimed->views();
  Napi::Array views = Napi::Array::New(env, places.size());
  for (size_t i = 0; i < places.size(); i++) views.Set(i, Napi::Number::New(env, static_cast<double>(places[i])));
  Napi::Array result = Napi::Array::New(env, 3);
  result.Set(0u, buffers);
  result.Set(1u, ids);
  result.Set(2u, views);
  return result;
}

}  // namespace

void exportHandOver(Napi::Object exports) {
  exportFunction<give>(exports, "handOver");
  exportFunction<take>(exports, "takeOver");
}

}  // namespace zs
