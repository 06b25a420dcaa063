// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "errors.h"

#include "rust/cxx.h"

namespace zs {

Napi::Error codedError(Napi::Env env, const std::string& code, const std::string& text) {
  Napi::Error error = Napi::Error::New(env, text);
  error.Value().Set("code", Napi::String::New(env, code));
  return error;
}

Napi::Error faultError(Napi::Env env, const std::string& fault) {
  const size_t split = fault.find('\x01');
  if (split == std::string::npos) return codedError(env, "INTERNAL", fault);
  return codedError(env, fault.substr(0, split), fault.substr(split + 1));
}

void rethrowCoded(Napi::Env env) {
  try {
    throw;
  } catch (const Napi::Error&) {
    throw;
  } catch (const rust::Error& error) {
    throw faultError(env, error.what());
  } catch (const std::exception& error) {
    throw codedError(env, "INTERNAL", error.what());
  } catch (...) {
    throw codedError(env, "INTERNAL", "an unknown C++ exception");
  }
}

}  // namespace zs
