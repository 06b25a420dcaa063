// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

#include "napi_setup.h"

namespace zs {

// One tag for each kind of handle: an External of another addon, or of another kind, is refused instead of misread.
template <typename T>
struct TypeTag;

#define ZS_TYPE_TAG(Handle, text, number)                                                                \
  struct Handle;                                                                                         \
  template <>                                                                                            \
  struct TypeTag<Handle> {                                                                               \
    static constexpr const char* name = text;                                                            \
    static constexpr napi_type_tag tag = {0x6f2a1c5d93b84e00 + (number), 0xa1d07c3e5b924f00 + (number)}; \
  };

ZS_TYPE_TAG(ConfigHandle, "config", 1)
ZS_TYPE_TAG(SessionHandle, "session", 2)
ZS_TYPE_TAG(PublisherHandle, "publisher", 3)
ZS_TYPE_TAG(InboxHandle, "inbox", 4)
ZS_TYPE_TAG(ShmPool, "shared-memory pool", 5)
ZS_TYPE_TAG(QuerierHandle, "querier", 6)
ZS_TYPE_TAG(QueryHandle, "query", 7)
ZS_TYPE_TAG(TokenHandle, "liveliness token", 8)
ZS_TYPE_TAG(ListenerHandle, "listener", 9)
ZS_TYPE_TAG(SessionPool, "session's shared-memory pool", 10)
ZS_TYPE_TAG(SlicedHandle, "sliced payload", 11)

#undef ZS_TYPE_TAG

}  // namespace zs
