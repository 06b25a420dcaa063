// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

// (session, key, encoding, qos)
Napi::Value publisher(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info,
                   session.declare_publisher(environment(info), text(info, 1), optionalText(info, 2), word(info, 3)));
}

// (session, key, origin, queue)
Napi::Value subscriber(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info,
                   session.declare_subscriber(environment(info), text(info, 1), word(info, 2), queueOptions(info, 3)));
}

// (session, key, complete, origin, queue)
Napi::Value queryable(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info, session.declare_queryable(environment(info), text(info, 1), info[2].ToBoolean(), word(info, 3),
                                                   queueOptions(info, 4)));
}

// (session, key, history, queue)
Napi::Value livelinessSubscriber(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info, session.declare_liveliness_subscriber(environment(info), text(info, 1), info[2].ToBoolean(),
                                                               queueOptions(info, 3)));
}

// (session, key)
Napi::Value token(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).declare_token(environment(info), text(info, 1)));
}

Napi::Value undeclareToken(const Napi::CallbackInfo& info) {
  return operation(info, handle<TokenHandle>(info, 0).undeclare(environment(info)));
}

Napi::Value undeclareListener(const Napi::CallbackInfo& info) {
  return operation(info, handle<ListenerHandle>(info, 0).undeclare(environment(info)));
}

}  // namespace

void exportDeclare(Napi::Object exports) {
  exportFunction<publisher>(exports, "sessionDeclarePublisher");
  exportFunction<subscriber>(exports, "sessionDeclareSubscriber");
  exportFunction<queryable>(exports, "sessionDeclareQueryable");
  exportFunction<livelinessSubscriber>(exports, "sessionDeclareLivelinessSubscriber");
  exportFunction<token>(exports, "sessionDeclareToken");
  exportFunction<undeclareToken>(exports, "tokenUndeclare");
  exportFunction<undeclareListener>(exports, "listenerUndeclare");
}

}  // namespace zs
