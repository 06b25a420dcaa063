// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "env_state.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

// (config, options of the websocket server as JSON | undefined)
Napi::Value open(const Napi::CallbackInfo& info) {
  return operation(info, session_open(environment(info), handle<ConfigHandle>(info, 0), optionalText(info, 1)));
}

Napi::Value close(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).close(environment(info)));
}

Napi::Value isClosed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), handle<SessionHandle>(info, 0).is_closed());
}

Napi::Value zid(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<SessionHandle>(info, 0).zid()));
}

Napi::Value id(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<SessionHandle>(info, 0).id()));
}

Napi::Value newTimestamp(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<SessionHandle>(info, 0).new_timestamp()));
}

// (session, key)
Napi::Value declareKeyExpr(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).declare_keyexpr(environment(info), text(info, 1)));
}

// (session, declared key)
Napi::Value undeclareKeyExpr(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).undeclare_keyexpr(environment(info), word(info, 1)));
}

Napi::Value stats(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<SessionHandle>(info, 0).stats(environment(info))));
}

// (session, key, segments, attachment | undefined, encoding | undefined, qos, timestamp | undefined, source |
// undefined, declared key | undefined)
Napi::Value put(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  const std::string key = text(info, 1);
  const PutOptions options = putOptions(info, 4, !info[3].IsUndefined());
  const Lent lent(info, 2, 3);
  return putOutcome(info.Env(), session.put(environment(info), key, lent.payload(), lent.attachment(), options));
}

// (session, key, attachment | undefined, encoding, qos, timestamp | undefined, source | undefined, declared key |
// undefined)
Napi::Value remove(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  const std::string key = text(info, 1);
  const PutOptions options = putOptions(info, 3, !info[2].IsUndefined());
  const Lent lent(info, Lent::none, 2);
  return putOutcome(info.Env(), session.remove(environment(info), key, lent.attachment(), options));
}

// For tests: (segments)
Napi::Value heldProbe(const Napi::CallbackInfo& info) {
  const Lent lent(info, 0);
  const size_t held = held_probe(environment(info), lent.payload());
  return Napi::Number::New(info.Env(), static_cast<double>(held));
}

}  // namespace

void exportSession(Napi::Object exports) {
  exportFunction<open>(exports, "sessionOpen");
  exportFunction<close>(exports, "sessionClose");
  exportFunction<isClosed>(exports, "sessionIsClosed");
  exportFunction<zid>(exports, "sessionZid");
  exportFunction<stats>(exports, "sessionStats");
  exportFunction<id>(exports, "sessionId");
  exportFunction<newTimestamp>(exports, "sessionNewTimestamp");
  exportFunction<declareKeyExpr>(exports, "sessionDeclareKeyExpr");
  exportFunction<undeclareKeyExpr>(exports, "sessionUndeclareKeyExpr");
  exportFunction<put>(exports, "sessionPut");
  exportFunction<remove>(exports, "sessionDelete");
  exportFunction<heldProbe>(exports, "heldProbe");
}

}  // namespace zs
