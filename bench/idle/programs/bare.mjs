// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What Node takes by itself.
export {};
