// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include "napi_setup.h"

namespace zs {

// Each file adds its functions; module.cc calls them all.
void exportAdvanced(Napi::Object exports);
void exportConfig(Napi::Object exports);
void exportConnectivity(Napi::Object exports);
void exportDeclare(Napi::Object exports);
void exportHandOver(Napi::Object exports);
void exportInbox(Napi::Object exports);
void exportKeyExpr(Napi::Object exports);
void exportMemory(Napi::Object exports);
void exportPublisher(Napi::Object exports);
void exportQuery(Napi::Object exports);
#ifdef ZENOH_SEGMENTS_ASAN
void exportSeededBugs(Napi::Object exports);
#endif
void exportRemoteApi(Napi::Object exports);
void exportSession(Napi::Object exports);
void exportShm(Napi::Object exports);
void exportSliced(Napi::Object exports);

}  // namespace zs
