// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

Napi::Value info(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).info(environment(info)));
}

Napi::Value transports(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).transports(environment(info)));
}

Napi::Value links(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).links(environment(info)));
}

// (session, history)
Napi::Value transportEvents(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).transport_events(environment(info), info[1].ToBoolean()));
}

// (session, history)
Napi::Value linkEvents(const Napi::CallbackInfo& info) {
  return operation(info, handle<SessionHandle>(info, 0).link_events(environment(info), info[1].ToBoolean()));
}

template <typename Entity>
Napi::Value matching(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), handle<Entity>(info, 0).matching());
}

template <typename Entity>
Napi::Value matchingEvents(const Napi::CallbackInfo& info) {
  return operation(info, handle<Entity>(info, 0).matching_events(environment(info)));
}

// (config, mask of roles)
Napi::Value startScout(const Napi::CallbackInfo& info) {
  const ConfigHandle& config = handle<ConfigHandle>(info, 0);
  return operation(info, scout(environment(info), config, static_cast<uint8_t>(word(info, 1))));
}

}  // namespace

void exportConnectivity(Napi::Object exports) {
  exportFunction<info>(exports, "sessionInfo");
  exportFunction<transports>(exports, "sessionTransports");
  exportFunction<links>(exports, "sessionLinks");
  exportFunction<transportEvents>(exports, "sessionTransportEvents");
  exportFunction<linkEvents>(exports, "sessionLinkEvents");
  exportFunction<matching<PublisherHandle>>(exports, "publisherMatching");
  exportFunction<matchingEvents<PublisherHandle>>(exports, "publisherMatchingEvents");
  exportFunction<matching<QuerierHandle>>(exports, "querierMatching");
  exportFunction<matchingEvents<QuerierHandle>>(exports, "querierMatchingEvents");
  exportFunction<startScout>(exports, "scout");
}

}  // namespace zs
