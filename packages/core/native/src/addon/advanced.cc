// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

// (session, key, encoding | undefined, qos, settings)
Napi::Value publisher(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info, session.declare_advanced_publisher(environment(info), text(info, 1), optionalText(info, 2),
                                                            word(info, 3), text(info, 4)));
}

// (session, key, origin, settings, queue)
Napi::Value subscriber(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info, session.declare_advanced_subscriber(environment(info), text(info, 1), word(info, 2),
                                                             text(info, 3), queueOptions(info, 4)));
}

// (inbox of an advanced subscriber, its session)
Napi::Value missListener(const Napi::CallbackInfo& info) {
  InboxHandle& inbox = handle<InboxHandle>(info, 0);
  return operation(info, inbox.miss_listener(environment(info), handle<SessionHandle>(info, 1)));
}

}  // namespace

void exportAdvanced(Napi::Object exports) {
  exportFunction<publisher>(exports, "sessionDeclareAdvancedPublisher");
  exportFunction<subscriber>(exports, "sessionDeclareAdvancedSubscriber");
  exportFunction<missListener>(exports, "inboxMissListener");
}

}  // namespace zs
