// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "env_state.h"
#include "exports.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace zs {

namespace {

// Node unloads an addon when the last environment that loaded it ends, but zenoh's threads run on in its code.
void pinModule() {
#ifdef _WIN32
  HMODULE module;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&pinModule), &module);
#else
  Dl_info here;
  if (dladdr(reinterpret_cast<void*>(&pinModule), &here) != 0) dlopen(here.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  pinModule();
  EnvState::install(env);
  exportEnvironment(exports);
  exportAdvanced(exports);
  exportConfig(exports);
  exportConnectivity(exports);
  exportDeclare(exports);
  exportHandOver(exports);
  exportInbox(exports);
  exportKeyExpr(exports);
  exportMemory(exports);
  exportPublisher(exports);
  exportQuery(exports);
#ifdef ZENOH_SEGMENTS_ASAN
  exportSeededBugs(exports);
#endif
  exportRemoteApi(exports);
  exportSession(exports);
  exportShm(exports);
  exportSliced(exports);
  return exports;
}

}  // namespace

}  // namespace zs

// Called by napi_register_module_v1, which the Rust half exports.
extern "C" napi_value zs_init(napi_env env, napi_value exports) { return Napi::RegisterModule(env, exports, zs::init); }
