// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

Napi::Value defaultConfig(const Napi::CallbackInfo& info) { return makeHandle(info.Env(), config_default()); }

Napi::Value fromJson5(const Napi::CallbackInfo& info) {
  return makeHandle(info.Env(), config_from_json5(text(info, 0)));
}

Napi::Value fromFile(const Napi::CallbackInfo& info) { return makeHandle(info.Env(), config_from_file(text(info, 0))); }

Napi::Value fromEnv(const Napi::CallbackInfo& info) { return makeHandle(info.Env(), config_from_env()); }

Napi::Value insertJson5(const Napi::CallbackInfo& info) {
  handle<ConfigHandle>(info, 0).insert_json5(text(info, 1), text(info, 2));
  return info.Env().Undefined();
}

Napi::Value getJson(const Napi::CallbackInfo& info) {
  const rust::String json = handle<ConfigHandle>(info, 0).get_json(text(info, 1));
  return Napi::String::New(info.Env(), std::string(json));
}

}  // namespace

void exportConfig(Napi::Object exports) {
  exportFunction<defaultConfig>(exports, "configDefault");
  exportFunction<fromJson5>(exports, "configFromJson5");
  exportFunction<fromFile>(exports, "configFromFile");
  exportFunction<fromEnv>(exports, "configFromEnv");
  exportFunction<insertJson5>(exports, "configInsertJson5");
  exportFunction<getJson>(exports, "configGetJson");
}

}  // namespace zs
