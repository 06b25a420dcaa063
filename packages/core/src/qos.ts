// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, Locality, Priority, Reliability } from './enums.js';
import { CoreError } from './errors.js';

/** Quality of service of a message or a publisher. */
export interface QosOptions {
  /** `DROP` unless given: a congested network loses the message. `BLOCK` waits up to 5 s, then zenoh closes the transport. */
  readonly congestionControl?: CongestionControl | undefined;
  /** `DATA` unless given. */
  readonly priority?: Priority | undefined;
  /** Send at once instead of batching with others; false unless given. */
  readonly express?: boolean | undefined;
  /** `RELIABLE` unless given. */
  readonly reliability?: Reliability | undefined;
  /** `ANY` unless given. */
  readonly allowedDestination?: Locality | undefined;
}

/** The settings as one number: bits 0-2 priority, 3 block, 4 express, 5 reliable, 6-7 locality (qos.rs reads it). */
export function packQos(options: QosOptions): number {
  const priority = options.priority ?? Priority.DEFAULT;
  const congestion = options.congestionControl ?? CongestionControl.DEFAULT_PUSH;
  const reliability = options.reliability ?? Reliability.DEFAULT;
  const destination = options.allowedDestination ?? Locality.DEFAULT;
  check(Priority[priority] !== undefined, 'priority', priority);
  check(CongestionControl[congestion] !== undefined, 'congestionControl', congestion);
  check(Reliability[reliability] !== undefined, 'reliability', reliability);
  check(Locality[destination] !== undefined, 'allowedDestination', destination);
  return (
    priority |
    (congestion === CongestionControl.BLOCK ? 8 : 0) |
    (options.express === true ? 16 : 0) |
    (reliability === Reliability.RELIABLE ? 32 : 0) |
    (destination << 6)
  );
}

/** @throws {CoreError} `INVALID_ARGUMENT` */
export function check(holds: boolean, name: string, value: unknown): void {
  if (!holds) throw new CoreError('INVALID_ARGUMENT', `${String(value)} is not a valid ${name}`);
}
