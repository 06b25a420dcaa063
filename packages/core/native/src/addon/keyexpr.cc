// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"

namespace zs {

namespace {

Napi::Value string(const Napi::CallbackInfo& info, const rust::String& value) {
  return Napi::String::New(info.Env(), std::string(value));
}

Napi::Value check(const Napi::CallbackInfo& info) { return string(info, keyexpr_check(text(info, 0))); }
Napi::Value canonize(const Napi::CallbackInfo& info) { return string(info, keyexpr_canonize(text(info, 0))); }
Napi::Value join(const Napi::CallbackInfo& info) { return string(info, keyexpr_join(text(info, 0), text(info, 1))); }
Napi::Value concat(const Napi::CallbackInfo& info) {
  return string(info, keyexpr_concat(text(info, 0), text(info, 1)));
}
Napi::Value relation(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), keyexpr_relation(text(info, 0), text(info, 1)));
}

}  // namespace

void exportKeyExpr(Napi::Object exports) {
  exportFunction<check>(exports, "keyexprCheck");
  exportFunction<canonize>(exports, "keyexprCanonize");
  exportFunction<join>(exports, "keyexprJoin");
  exportFunction<concat>(exports, "keyexprConcat");
  exportFunction<relation>(exports, "keyexprRelation");
}

}  // namespace zs
