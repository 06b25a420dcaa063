// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
export { JsonPeer as PythonPeer } from './json-peer.js';
