// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"

#include "env_state.h"
#include "errors.h"

namespace zs {

namespace {

[[noreturn]] void wrong(const Napi::CallbackInfo& info, size_t index, const char* wanted) {
  throw codedError(info.Env(), "INVALID_ARGUMENT", "argument " + std::to_string(index) + " must be " + wanted);
}

}  // namespace

std::string text(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsString()) wrong(info, index, "a string");
  return info[index].As<Napi::String>().Utf8Value();
}

std::string optionalText(const Napi::CallbackInfo& info, size_t index) {
  return info[index].IsUndefined() ? std::string() : text(info, index);
}

uint32_t word(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsNumber()) wrong(info, index, "a number");
  return info[index].As<Napi::Number>().Uint32Value();
}

size_t size(const Napi::CallbackInfo& info, size_t index) {
  const double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : -1;
  if (!(value >= 0 && value <= 9007199254740992.0) || value != static_cast<double>(static_cast<uint64_t>(value))) {
    wrong(info, index, "a non-negative integer");
  }
  return static_cast<size_t>(value);
}

namespace {

std::vector<napi_value> elements(const Napi::CallbackInfo& info, size_t index) {
  std::vector<napi_value> values;
  if (index == Lent::none || info[index].IsUndefined()) return values;
  if (!info[index].IsArray()) wrong(info, index, "an array of Uint8Array");
  const Napi::Array array = info[index].As<Napi::Array>();
  const uint32_t length = array.Length();
  values.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    if (napi_get_element(info.Env(), array, i, &element) != napi_ok) wrong(info, index, "an array of Uint8Array");
    values.push_back(element);
  }
  return values;
}

std::vector<SegmentRef> addresses(const Napi::CallbackInfo& info, size_t index, const std::vector<napi_value>& values) {
  std::vector<SegmentRef> refs;
  refs.reserve(values.size());
  for (const napi_value value : values) refs.push_back(address(info, index, value));
  return refs;
}

}  // namespace

SegmentRef address(const Napi::CallbackInfo& info, size_t index, napi_value value) {
  void* data = nullptr;
  size_t bytes = 0;
  napi_typedarray_type type;
  if (napi_get_typedarray_info(info.Env(), value, &type, &bytes, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    wrong(info, index, "Uint8Arrays");
  }
  return {reinterpret_cast<size_t>(data), data == nullptr ? 0 : bytes};
}

Lent::Lent(const Napi::CallbackInfo& info, size_t payload, size_t attachment) {
  const auto payloadElements = elements(info, payload);
  const auto attachmentElements = elements(info, attachment);
  payload_ = addresses(info, payload, payloadElements);
  attachment_ = addresses(info, attachment, attachmentElements);
}

uint32_t optionalWord(const Napi::CallbackInfo& info, size_t index) {
  return info[index].IsUndefined() ? 0 : word(info, index);
}

PutOptions putOptions(const Napi::CallbackInfo& info, size_t index, bool hasAttachment) {
  PutOptions options;
  options.encoding = optionalText(info, index);
  options.qos = word(info, index + 1);
  options.timestamp = optionalText(info, index + 2);
  options.source = optionalText(info, index + 3);
  options.declared = optionalWord(info, index + 4);
  options.has_attachment = hasAttachment;
  return options;
}

QueueOptions queueOptions(const Napi::CallbackInfo& info, size_t index) {
  return {size(info, index), size(info, index + 1), static_cast<uint8_t>(word(info, index + 2))};
}

Napi::Value operation(const Napi::CallbackInfo& info, uint32_t id) { return Napi::Number::New(info.Env(), id); }

Env& environment(const Napi::CallbackInfo& info) { return EnvState::of(info.Env()).rust(); }

namespace {

// The last of a put outcome, as addon.ts names them.
constexpr int kDone = 0;
constexpr int kDropped = 1;
constexpr int kFull = 2;

}  // namespace

Napi::Value putOutcome(Napi::Env env, const PutOutcome& outcome) {
  if (outcome.local == 0 && outcome.held == 0 && outcome.operation == 0 && outcome.parked == 0 &&
      outcome.fault.empty() && !outcome.full && !outcome.dropped) {
    return Napi::Number::New(env, 0);
  }
  Napi::Array result = Napi::Array::New(env, 7);
  result.Set(0u, Napi::Number::New(env, outcome.local));
  result.Set(1u, Napi::Number::New(env, static_cast<double>(outcome.held)));
  result.Set(2u, Napi::Number::New(env, outcome.operation));
  result.Set(3u, Napi::Number::New(env, outcome.parked));
  result.Set(4u, Napi::Number::New(env, static_cast<double>(outcome.offloaded)));
  result.Set(5u, Napi::Number::New(env, outcome.full ? kFull : (outcome.dropped ? kDropped : kDone)));
  if (!outcome.fault.empty()) result.Set(6u, faultError(env, std::string(outcome.fault)).Value());
  return result;
}

}  // namespace zs
