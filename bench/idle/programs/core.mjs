// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import '@zenoh-segments/core';
