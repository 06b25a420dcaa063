// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** The keys of a measurement. */
export interface BenchKeys {
  /** Tables that are counted. */
  readonly data: string;
  /** Tables that are answered, on `pong`, with the attachment they came with. */
  readonly ping: string;
  readonly pong: string;
  /** `<run> <n>`: of the run so many tables are opened. */
  readonly ack: string;
  /** A queryable of the receiver: `begin;run=<n>;every=<n>` counts anew, and tells on `ack`; `end;sent=<n>` tells what came. */
  readonly control: string;
}

export function benchKeys(key: string): BenchKeys {
  return {
    data: `${key}/data`,
    ping: `${key}/ping`,
    pong: `${key}/pong`,
    ack: `${key}/ack`,
    control: `${key}/control`,
  };
}

/** What the receiver counted since `begin`, as JSON. */
export interface Received {
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  readonly shm: number;
  /** Samples that are no Arrow data. */
  readonly invalid: number;
  /** From the first to the last table, and what came in that time: all but the first. */
  readonly seconds: number;
}
