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

// The bytes that a call lends: arrays of Uint8Array, of a payload and of an attachment. Undefined reads as none.
//
// Reading an array's elements can run JavaScript (a getter), so every element is read before the first address. From
// then on nothing may run JavaScript until the addresses have been used: make this the last thing before the Rust call.
class Lent {
 public:
  static constexpr size_t none = SIZE_MAX;
  Lent(const Napi::CallbackInfo& info, size_t payload, size_t attachment = none);

  rust::Slice<const SegmentRef> payload() const { return {payload_.data(), payload_.size()}; }
  rust::Slice<const SegmentRef> attachment() const { return {attachment_.data(), attachment_.size()}; }

 private:
  std::vector<SegmentRef> payload_;
  std::vector<SegmentRef> attachment_;
};

// Where the bytes of a Uint8Array are; `index` is that of the argument it is, or is in.
SegmentRef address(const Napi::CallbackInfo& info, size_t index, napi_value value);

// Undefined reads as 0.
uint32_t optionalWord(const Napi::CallbackInfo& info, size_t index);

// (encoding, qos, timestamp, source, declared key) from `index` on; the last two may be missing.
PutOptions putOptions(const Napi::CallbackInfo& info, size_t index, bool hasAttachment);

// (count, bytes, policy) from `index` on.
QueueOptions queueOptions(const Napi::CallbackInfo& info, size_t index);

// Functions that take time return the number of an operation; poll() tells how it ended.
Napi::Value operation(const Napi::CallbackInfo& info, uint32_t id);

Env& environment(const Napi::CallbackInfo& info);

// 0 in the common case, otherwise [local put, bytes held, operation, parked, bytes offloaded, state, error].
Napi::Value putOutcome(Napi::Env env, const PutOutcome& outcome);

}  // namespace zs
