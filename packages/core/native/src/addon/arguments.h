// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "napi_setup.h"
#include "rust/cxx.h"
#include "zenoh-segments-addon/src/bridge.rs.h"

namespace zs {

std::string text(const Napi::CallbackInfo& info, size_t index);
// Undefined reads as the empty string.
std::string optionalText(const Napi::CallbackInfo& info, size_t index);
uint32_t word(const Napi::CallbackInfo& info, size_t index);
// A size in bytes or a count: an integer from 0 to 2^53.
size_t size(const Napi::CallbackInfo& info, size_t index);

// Addresses of the bytes of an array of Uint8Array, valid until the current call returns to JavaScript: nothing that
// can run JavaScript may come between this and their use. Undefined reads as no segments.
std::vector<SegmentRef> segments(const Napi::CallbackInfo& info, size_t index);

inline rust::Slice<const SegmentRef> slice(const std::vector<SegmentRef>& refs) { return {refs.data(), refs.size()}; }

// (encoding, qos, timestamp) from `index` on.
PutOptions putOptions(const Napi::CallbackInfo& info, size_t index, bool hasAttachment);

// (count, bytes, policy) from `index` on.
QueueOptions queueOptions(const Napi::CallbackInfo& info, size_t index);

// Functions that take time return the number of an operation; poll() tells how it ended.
Napi::Value operation(const Napi::CallbackInfo& info, uint32_t id);

Env& environment(const Napi::CallbackInfo& info);

// 0 in the common case, otherwise [local put, bytes held].
Napi::Value putOutcome(Napi::Env env, const PutOutcome& outcome);

}  // namespace zs
