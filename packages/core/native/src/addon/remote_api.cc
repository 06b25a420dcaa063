// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "errors.h"
#include "exports.h"
#include "handles.h"
#include "zenoh-segments-addon/src/bridge.rs.h"

namespace zs {

namespace {

// (session)
Napi::Value serverStats(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<SessionHandle>(info, 0).server_stats()));
}

}  // namespace

void exportRemoteApi(Napi::Object exports) { exportFunction<serverStats>(exports, "sessionServerStats"); }

}  // namespace zs
