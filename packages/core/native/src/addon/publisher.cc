// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

// (publisher, segments, attachment | undefined, encoding | undefined, unused, timestamp | undefined, source |
// undefined)
Napi::Value put(const Napi::CallbackInfo& info) {
  PublisherHandle& publisher = handle<PublisherHandle>(info, 0);
  const PutOptions options = putOptions(info, 3, !info[2].IsUndefined());
  const Lent lent(info, 1, 2);
  return putOutcome(info.Env(), publisher.put(environment(info), lent.payload(), lent.attachment(), options));
}

// (publisher, segment)
Napi::Value putPlain(const Napi::CallbackInfo& info) {
  PublisherHandle& publisher = handle<PublisherHandle>(info, 0);
  const SegmentRef segment = address(info, 1, info[1]);
  return putOutcome(info.Env(), publisher.put(environment(info), {&segment, 1}, {}, PutOptions{}));
}

// (publisher, attachment | undefined, encoding, unused, timestamp | undefined, source | undefined)
Napi::Value remove(const Napi::CallbackInfo& info) {
  PublisherHandle& publisher = handle<PublisherHandle>(info, 0);
  const PutOptions options = putOptions(info, 2, !info[1].IsUndefined());
  const Lent lent(info, Lent::none, 1);
  return putOutcome(info.Env(), publisher.remove(environment(info), lent.attachment(), options));
}

Napi::Value id(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<PublisherHandle>(info, 0).id()));
}

Napi::Value undeclare(const Napi::CallbackInfo& info) {
  return operation(info, handle<PublisherHandle>(info, 0).undeclare(environment(info)));
}

}  // namespace

void exportPublisher(Napi::Object exports) {
  exportFunction<put>(exports, "publisherPut");
  exportFunction<putPlain>(exports, "publisherPutPlain");
  exportFunction<remove>(exports, "publisherDelete");
  exportFunction<id>(exports, "publisherId");
  exportFunction<undeclare>(exports, "publisherUndeclare");
}

}  // namespace zs
