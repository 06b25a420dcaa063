// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "env_state.h"

#include "errors.h"
#include "handles.h"
#include "memory.h"
#include "zenoh-segments-addon/src/bridge.rs.h"

namespace zs {

void Wakeup::signal() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (function_ != nullptr) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Wakeup::open(napi_threadsafe_function function) {
  const std::lock_guard<std::mutex> lock(mutex_);
  function_ = function;
}

void Wakeup::close() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (function_ != nullptr) napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
}

EnvState::EnvState() : wakeup_(std::make_shared<Wakeup>()), rust_(env_new(wakeup_)) {}
EnvState::~EnvState() = default;

EnvState& EnvState::of(Napi::Env env) { return *env.GetInstanceData<EnvState>(); }

void EnvState::install(Napi::Env env) {
  auto* state = new EnvState();
  env.SetInstanceData(state);
  env.AddCleanupHook(
      [](EnvState* ending) {
        ending->wakeup().close();
        env_shut(ending->rust());
      },
      state);
}

namespace {

// The poll function never throws: it reports what user callbacks throw by itself.
void callOnWake(napi_env env, napi_value onWake, void*, void*) {
  if (env == nullptr || onWake == nullptr) return;
  napi_value undefined;
  if (napi_get_undefined(env, &undefined) != napi_ok) return;
  napi_call_function(env, undefined, onWake, 0, nullptr, nullptr);
}

Napi::Value attach(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Wakeup& wakeup = EnvState::of(env).wakeup();
  if (!info[0].IsFunction()) throw codedError(env, "INVALID_ARGUMENT", "attach takes a function");
  if (wakeup.function() != nullptr) throw codedError(env, "INTERNAL", "the environment has its poll function already");
  napi_threadsafe_function function;
  const napi_status status =
      napi_create_threadsafe_function(env, info[0], nullptr, Napi::String::New(env, "zenoh-segments"), 0, 1, nullptr,
                                      nullptr, nullptr, callOnWake, &function);
  if (status != napi_ok) throw Napi::Error::New(env);
  // An idle process must be able to exit; keepAlive says when it must not.
  napi_unref_threadsafe_function(env, function);
  wakeup.open(function);
  return env.Undefined();
}

Napi::Value keepAlive(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const napi_threadsafe_function function = EnvState::of(env).wakeup().function();
  if (function == nullptr) return env.Undefined();
  if (info[0].ToBoolean()) {
    napi_ref_threadsafe_function(env, function);
  } else {
    napi_unref_threadsafe_function(env, function);
  }
  return env.Undefined();
}

Napi::Array numbers(Napi::Env env, rust::Slice<const uint32_t> values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); i++) array.Set(i, Napi::Number::New(env, values[i]));
  return array;
}

// Kinds as in bridge.rs.
constexpr uint8_t kFailed = 255;

Napi::Value completed(Napi::Env env, Poll& poll, size_t index, const Completion& completion) {
  switch (completion.kind) {
    case 1:
      return makeHandle(env, poll.session(index));
    case 2:
      return makeHandle(env, poll.publisher(index));
    case 3:
      return makeHandle(env, poll.inbox(index));
    case 4:
      return makeHandle(env, poll.querier(index));
    case 5:
      return makeHandle(env, poll.token(index));
    case 6:
      return makeHandle(env, poll.listener(index));
    case 7:
      return Napi::String::New(env, std::string(poll.text(index)));
    case 16:
      return exposeInPlace(env, poll.region(index));
    case kFailed:
      return faultError(env, std::string(completion.fault)).Value();
    default:
      return env.Undefined();
  }
}

// [listener, lost, JSON, ...]
Napi::Array events(Napi::Env env, const rust::Vec<Told>& told) {
  Napi::Array array = Napi::Array::New(env);
  uint32_t at = 0;
  for (const Told& event : told) {
    array.Set(at++, Napi::Number::New(env, event.listener));
    array.Set(at++, Napi::Number::New(env, static_cast<double>(event.lost)));
    array.Set(at++, Napi::String::New(env, std::string(event.text)));
  }
  return array;
}

// [operation, dropped, undefined or error, ...]
Napi::Array puts(Napi::Env env, const rust::Vec<PutEnd>& ends) {
  Napi::Array array = Napi::Array::New(env);
  uint32_t at = 0;
  for (const PutEnd& end : ends) {
    array.Set(at++, Napi::Number::New(env, end.operation));
    array.Set(at++, Napi::Boolean::New(env, end.dropped));
    array.Set(at++, end.fault.empty() ? env.Undefined() : faultError(env, std::string(end.fault)).Value());
  }
  return array;
}

// [ [operation, failed, value, ...], ready inboxes, released local puts, events, ends of puts ]
Napi::Value pollMail(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  rust::Box<Poll> mail = poll(EnvState::of(env).rust());
  Napi::Array completions = Napi::Array::New(env);
  uint32_t at = 0;
  size_t index = 0;
  for (const Completion& completion : mail->completions()) {
    completions.Set(at++, Napi::Number::New(env, completion.operation));
    bool failed = completion.kind == kFailed;
    Napi::Value value;
    try {
      value = completed(env, *mail, index++, completion);
    } catch (const Napi::Error& error) {
      // Only this operation fails: the rest of the mail must arrive.
      failed = true;
      value = error.Value();
    }
    completions.Set(at++, Napi::Boolean::New(env, failed));
    completions.Set(at++, value);
  }
  Napi::Array result = Napi::Array::New(env, 5);
  result.Set(0u, completions);
  result.Set(1u, numbers(env, mail->ready()));
  result.Set(2u, numbers(env, mail->released()));
  result.Set(3u, events(env, mail->events()));
  result.Set(4u, puts(env, mail->puts()));
  return result;
}

Napi::Value moreMail(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), rest(EnvState::of(info.Env()).rust()));
}

Napi::Value counters(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const NativeCounters values = native_counters(EnvState::of(env).rust());
  Napi::Object result = Napi::Object::New(env);
  result.Set("liveBorrowed", Napi::Number::New(env, static_cast<double>(values.live_borrowed)));
  result.Set("held", Napi::Number::New(env, static_cast<double>(values.held)));
  result.Set("handedOver", Napi::Number::New(env, static_cast<double>(values.handed_over)));
  result.Set("regions", Napi::Number::New(env, static_cast<double>(values.regions)));
  return result;
}

}  // namespace

void exportEnvironment(Napi::Object exports) {
  exportFunction<attach>(exports, "attach");
  exportFunction<keepAlive>(exports, "keepAlive");
  exportFunction<pollMail>(exports, "poll");
  exportFunction<moreMail>(exports, "rest");
  exportFunction<counters>(exports, "counters");
}

}  // namespace zs
