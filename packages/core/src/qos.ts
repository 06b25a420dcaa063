// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, Locality, Priority, Reliability } from './enums.js';
import { CoreError } from './errors.js';

/** Quality of service of a message or a publisher. */
export interface QosOptions {
  /** `DROP` unless given: a congested network loses the message. `BLOCK` waits up to 5 s, then zenoh closes the transport. */
  congestionControl?: CongestionControl | undefined;
  /** `DATA` unless given. */
  priority?: Priority | undefined;
  /** Send at once instead of batching with others; false unless given. */
  express?: boolean | undefined;
  /** `RELIABLE` unless given. */
  reliability?: Reliability | undefined;
  /** `ANY` unless given. */
  allowedDestination?: Locality | undefined;
}

/** The settings as one number: bits 0-2 priority, 3 block, 4 express, 5 reliable, 6-7 locality, 8 block first (qos.rs reads it). */
export function packQos(options: QosOptions): number {
  checkOptions(options);
  const priority = options.priority ?? Priority.DEFAULT;
  const congestion = options.congestionControl ?? CongestionControl.DEFAULT_PUSH;
  const reliability = options.reliability ?? Reliability.DEFAULT;
  const destination = options.allowedDestination ?? Locality.DEFAULT;
  checkEnum(Priority, priority, 'priority');
  checkEnum(CongestionControl, congestion, 'congestionControl');
  checkEnum(Reliability, reliability, 'reliability');
  checkEnum(Locality, destination, 'allowedDestination');
  return (
    priority |
    (congestion === CongestionControl.BLOCK ? 8 : 0) |
    (congestion === CongestionControl.BLOCK_FIRST ? 256 : 0) |
    (options.express === true ? 16 : 0) |
    (reliability === Reliability.RELIABLE ? 32 : 0) |
    (destination << 6)
  );
}

/** @throws {CoreError} `INVALID_ARGUMENT` */
export function checkOptions(options: unknown): void {
  check(typeof options === 'object' && options !== null, 'options object', options);
}

/** That no name is misspelt: what is in no list would be ignored. @throws {CoreError} `INVALID_ARGUMENT` */
export function checkKnown(options: object, of: string, known: Readonly<Record<string, true>>): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const text = `\`${unknown}\` is no option of ${of}; those are ${Object.keys(known).join(', ')}`;
  throw new CoreError('INVALID_ARGUMENT', text);
}

/** A value of a numeric enum; the name of one is not. @throws {CoreError} `INVALID_ARGUMENT` */
export function checkEnum(kind: Record<number, unknown>, value: unknown, name: string): void {
  check(typeof value === 'number' && kind[value] !== undefined, name, value);
}

/** @throws {CoreError} `INVALID_ARGUMENT` */
export function check(holds: boolean, name: string, value: unknown): void {
  if (!holds) throw new CoreError('INVALID_ARGUMENT', `${String(value)} is not a valid ${name}`);
}
