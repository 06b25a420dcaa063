// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Compiled for `pnpm asan` alone (cargo feature `asan`): bugs that AddressSanitizer must catch, or its silence says
// nothing.
#include <cstring>
#include <vector>

#include "arguments.h"
#include "errors.h"
#include "exports.h"

namespace zs {

namespace {

// JavaScript memory beyond the call that lent it: what rule 1 of the README forbids.
SegmentRef kept;

// ([view])
Napi::Value keepLent(const Napi::CallbackInfo& info) {
  const Lent lent(info, 0);
  kept = lent.payload().at(0);
  return info.Env().Undefined();
}

// By a load of our own C++, which is instrumented.
Napi::Value readKept(const Napi::CallbackInfo& info) {
  const volatile uint8_t* bytes = reinterpret_cast<const uint8_t*>(kept.ptr);
  return Napi::Number::New(info.Env(), bytes[0]);
}

// By the C library's memcpy, through a pointer that the compiler can't see through: as the Rust half copies, which is
// not instrumented.
Napi::Value copyKept(const Napi::CallbackInfo& info) {
  void* (*volatile copy)(void*, const void*, size_t) = std::memcpy;
  std::vector<uint8_t> copied(kept.len);
  copy(copied.data(), reinterpret_cast<const void*>(kept.ptr), kept.len);
  return Napi::Number::New(info.Env(), copied[0]);
}

}  // namespace

void exportSeededBugs(Napi::Object exports) {
  exportFunction<keepLent>(exports, "keepLent");
  exportFunction<readKept>(exports, "readKept");
  exportFunction<copyKept>(exports, "copyKept");
}

}  // namespace zs
