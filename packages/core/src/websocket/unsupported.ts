// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { MessageFields } from '../backend.js';
import { CoreError } from '../errors.js';

/** What the remote-api protocol of zenoh 1.10 has no message or field for. */
export function unsupported(what: string): CoreError {
  return new CoreError('UNSUPPORTED', `${what}: the remote-api protocol of a WebSocket session has nothing for that`);
}

export function noEntityId(): CoreError {
  return unsupported('the id of an entity in the network');
}

/** @throws {CoreError} `UNSUPPORTED` for what would be lost without a word */
export function refuseUncarried({
  sourceInfo,
  instrumentation,
}: Pick<MessageFields, 'sourceInfo' | 'instrumentation'>): void {
  if (sourceInfo !== undefined) throw unsupported('a source info');
  if (instrumentation !== 0) throw unsupported('timestamp instrumentation');
}

const BLOCK_FIRST = 256;

/** The settings as the protocol packs them, which are the lower eight bits of `packQos`. */
export function qosByte(qos: number): number {
  if (qos & BLOCK_FIRST) throw unsupported('congestion control BLOCK_FIRST');
  return qos;
}
