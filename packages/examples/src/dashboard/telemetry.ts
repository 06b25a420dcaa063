// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What a robot sends, as the robots write it and the page reads it: four bytes each for a number that counts the
// messages, m/s, percent and degrees Celsius, all little-endian.
import type { ZBytes } from '@zenoh-segments/core';

export const TELEMETRY = 'robots/*/telemetry';
export const LIMIT = 'robots/*/limit';
export const STATUS = 'robots/*/status';

/** The fastest that anybody may allow, in m/s. */
export const FASTEST = 3;

export interface Telemetry {
  readonly sequence: number;
  readonly speed: number;
  readonly battery: number;
  readonly temperature: number;
}

/** Two segments: nothing is joined before it has to be. */
export function telemetrySegments({ sequence, speed, battery, temperature }: Telemetry): ArrayBufferView[] {
  return [Uint32Array.of(sequence), Float32Array.of(speed, battery, temperature)];
}

/** Read in place: a DataView asks for no alignment, so nothing is copied. */
export function readTelemetry(payload: ZBytes): Telemetry {
  const bytes = payload.range(0, 16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return {
    sequence: view.getUint32(0, true),
    speed: view.getFloat32(4, true),
    battery: view.getFloat32(8, true),
    temperature: view.getFloat32(12, true),
  };
}

/** What a robot answers when it is asked for its status, as JSON. */
export interface Status {
  readonly name: string;
  /** Seconds. */
  readonly uptime: number;
  /** Metres. */
  readonly distance: number;
  /** m/s. */
  readonly limit: number;
}

/** `robots/birch/limit` is birch's. */
export function robotOf(keyExpr: { toString(): string }): string {
  return keyExpr.toString().split('/')[1] as string;
}
