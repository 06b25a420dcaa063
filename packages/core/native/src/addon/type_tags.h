// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include "napi_setup.h"

namespace zs {

struct ConfigHandle;
struct SessionHandle;
struct PublisherHandle;
struct InboxHandle;
struct ShmPool;
struct QuerierHandle;
struct QueryHandle;
struct TokenHandle;

// One tag for each kind of handle: an External of another addon, or of another kind, is refused instead of misread.
template <typename T>
struct TypeTag;

template <>
struct TypeTag<ConfigHandle> {
  static constexpr const char* name = "config";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e01, 0xa1d07c3e5b924f01};
};
template <>
struct TypeTag<SessionHandle> {
  static constexpr const char* name = "session";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e02, 0xa1d07c3e5b924f02};
};
template <>
struct TypeTag<PublisherHandle> {
  static constexpr const char* name = "publisher";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e03, 0xa1d07c3e5b924f03};
};
template <>
struct TypeTag<InboxHandle> {
  static constexpr const char* name = "inbox";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e04, 0xa1d07c3e5b924f04};
};
template <>
struct TypeTag<ShmPool> {
  static constexpr const char* name = "shared-memory pool";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e05, 0xa1d07c3e5b924f05};
};
template <>
struct TypeTag<QuerierHandle> {
  static constexpr const char* name = "querier";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e06, 0xa1d07c3e5b924f06};
};
template <>
struct TypeTag<QueryHandle> {
  static constexpr const char* name = "query";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e07, 0xa1d07c3e5b924f07};
};
template <>
struct TypeTag<TokenHandle> {
  static constexpr const char* name = "liveliness token";
  static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e08, 0xa1d07c3e5b924f08};
};

}  // namespace zs
