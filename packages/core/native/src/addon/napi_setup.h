// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#pragma once

// The only place that includes napi.h, so that every file sees the same settings.
#define NAPI_VERSION 9
#define NAPI_CPP_EXCEPTIONS
// A worker that is being terminated can run no JavaScript, not even throw: an error then is dropped, not an abort.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#define NODE_ADDON_API_DISABLE_DEPRECATED
#include <napi.h>
