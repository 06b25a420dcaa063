// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include "napi_setup.h"
#include "rust/cxx.h"
#include "zenoh-segments-addon/src/bridge.rs.h"

namespace zs {

// Native memory as JavaScript sees it.
struct Exposed {
  napi_value buffer;
  // The region's id, or 0 when the runtime forbids external buffers and `buffer` is a copy.
  double id;
};

// An ArrayBuffer over native memory, which it keeps until it is collected.
Exposed expose(Napi::Env env, rust::Box<RegionGuard> region);

// [ArrayBuffer, region id]
Napi::Value shown(Napi::Env env, const Exposed& exposed);

// A payload whose slices are shown when they are asked for; the garbage collector knows what it keeps.
Napi::Value makeSliced(Napi::Env env, rust::Box<SlicedHandle> payload);

// [ArrayBuffer, region id], for memory that must be seen in place.
Napi::Value exposeInPlace(Napi::Env env, rust::Box<RegionGuard> region);

}  // namespace zs
