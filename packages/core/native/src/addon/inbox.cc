// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include <cstring>

#include "arguments.h"
#include "env_state.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"
#include "memory.h"

namespace zs {

namespace {

Napi::Value id(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), handle<InboxHandle>(info, 0).id());
}

Napi::Value entityId(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<InboxHandle>(info, 0).entity_id()));
}

Napi::Value finished(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), handle<InboxHandle>(info, 0).finished());
}

Napi::Value undeclare(const Napi::CallbackInfo& info) {
  const uint32_t operation = handle<InboxHandle>(info, 0).undeclare(EnvState::of(info.Env()).rust());
  return Napi::Number::New(info.Env(), operation);
}

Napi::Value wordsOf(Napi::Env env, rust::Slice<const uint32_t> words) {
  Napi::Uint32Array array = Napi::Uint32Array::New(env, words.size());
  std::memcpy(array.Data(), words.data(), words.size() * sizeof(uint32_t));
  return array;
}

Napi::Value stringsOf(Napi::Env env, const Batch& batch) {
  const auto& strings = batch.strings();
  Napi::Array array = Napi::Array::New(env, strings.size());
  for (size_t i = 0; i < strings.size(); i++) {
    array.Set(i, Napi::String::New(env, strings[i].data(), strings[i].size()));
  }
  return array;
}

// ArrayBuffers of the JavaScript heap that hold the small payloads of the batch.
Napi::Value slabsOf(Napi::Env env, const Batch& batch) {
  const size_t count = batch.slab_count();
  Napi::Array slabs = Napi::Array::New(env, count);
  for (size_t i = 0; i < count; i++) {
    const size_t length = batch.slab_len(i);
    Napi::ArrayBuffer slab = Napi::ArrayBuffer::New(env, length);
    batch.write_slab(i, {static_cast<uint8_t*>(slab.Data()), length});
    slabs.Set(i, slab);
  }
  return slabs;
}

// (inbox, maximum count, maximum bytes): [words, strings, slabs, buffers, region ids, queries, more, failed, finished,
// sliced payloads, lengths of their slices]
Napi::Value take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  rust::Box<Batch> batch =
      batch_take(EnvState::of(env).rust(), handle<InboxHandle>(info, 0), size(info, 1), size(info, 2));
  const size_t count = batch->region_count();
  Napi::Array buffers = Napi::Array::New(env, count);
  Napi::Array ids = Napi::Array::New(env, count);
  for (size_t i = count; i-- > 0;) {
    const Exposed exposed = expose(env, batch->pop_region());
    buffers.Set(i, Napi::Value(env, exposed.buffer));
    ids.Set(i, Napi::Number::New(env, exposed.id));
  }
  const size_t queryCount = batch->query_count();
  Napi::Array queries = Napi::Array::New(env, queryCount);
  for (size_t i = queryCount; i-- > 0;) queries.Set(i, makeHandle(env, batch->pop_query()));
  const size_t slicedCount = batch->sliced_count();
  Napi::Array sliced = Napi::Array::New(env, slicedCount);
  for (size_t i = slicedCount; i-- > 0;) sliced.Set(i, makeSliced(env, batch->pop_sliced()));
  Napi::Array result = Napi::Array::New(env, 11);
  result.Set(0u, wordsOf(env, batch->words()));
  result.Set(1u, stringsOf(env, *batch));
  result.Set(2u, slabsOf(env, *batch));
  result.Set(3u, buffers);
  result.Set(4u, ids);
  result.Set(5u, queries);
  result.Set(6u, Napi::Boolean::New(env, batch->more()));
  result.Set(7u, Napi::Boolean::New(env, batch->failed()));
  result.Set(8u, Napi::Boolean::New(env, batch->finished()));
  result.Set(9u, sliced);
  result.Set(10u, wordsOf(env, batch->lengths()));
  return result;
}

Napi::Value counters(const Napi::CallbackInfo& info) {
  const QueueCounters values = handle<InboxHandle>(info, 0).counters();
  Napi::Object result = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, double value) { result.Set(name, Napi::Number::New(info.Env(), value)); };
  set("carried", static_cast<double>(values.carried));
  set("small", static_cast<double>(values.small));
  set("received", static_cast<double>(values.received));
  set("delivered", static_cast<double>(values.delivered));
  set("droppedOldest", static_cast<double>(values.dropped_oldest));
  set("droppedNewest", static_cast<double>(values.dropped_newest));
  set("droppedDeadlock", static_cast<double>(values.dropped_deadlock));
  set("droppedClosed", static_cast<double>(values.dropped_closed));
  set("waiting", static_cast<double>(values.waiting));
  set("depth", static_cast<double>(values.depth));
  set("bytes", static_cast<double>(values.bytes));
  set("highWater", static_cast<double>(values.high_water));
  return result;
}

}  // namespace

void exportInbox(Napi::Object exports) {
  exportFunction<id>(exports, "inboxId");
  exportFunction<entityId>(exports, "inboxEntityId");
  exportFunction<finished>(exports, "inboxFinished");
  exportFunction<undeclare>(exports, "inboxUndeclare");
  exportFunction<take>(exports, "inboxTake");
  exportFunction<counters>(exports, "inboxCounters");
}

}  // namespace zs
