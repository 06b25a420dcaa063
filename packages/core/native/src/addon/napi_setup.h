// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

// The only place that includes napi.h, so that every file sees the same settings.
#define NAPI_VERSION 9
#define NAPI_CPP_EXCEPTIONS
#define NODE_ADDON_API_DISABLE_DEPRECATED
#include <napi.h>
