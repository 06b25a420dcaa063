// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** A hostile stream, and what comes of it. */
export interface HostileCase {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** The code of the error, and what its text says. */
  readonly error: readonly [code: string, text: RegExp];
  /** Nothing is wrong with it but what it could cost: there are values. */
  readonly harmless?: true;
  /** Found by `validate: 'full'` alone: by default there are values, which may be wrong ones, and can be read. */
  readonly onlyFull?: true;
}

export function hostile(name: string, bytes: () => Uint8Array, code: string, text: RegExp): HostileCase {
  return { name, bytes, error: [`ARROW_${code}`, text] };
}

export function onlyFull(name: string, bytes: () => Uint8Array, text: RegExp): HostileCase {
  return { name, bytes, error: ['ARROW_INVALID', text], onlyFull: true };
}

export function harmless(name: string, bytes: () => Uint8Array): HostileCase {
  return { name, bytes, error: ['', /^/], harmless: true };
}
