// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The names of the native entry that need native code: there, so that one program text loads in both, and refused by use.
import { CoreError } from '../errors.js';
import type { HandOver } from '../native/hand-over.js';
import type { RemovedSegment } from '../native/shm.js';
import type { ShmProviderOptions } from '../native/shm-provider.js';
import type { NativeBuffer } from '../native-buffer.js';
import type { ShmDiagnosis } from '../shm-diagnosis.js';
import type { ZBytes } from '../zbytes/zbytes.js';

function needsAddon(code: 'SHM_UNAVAILABLE' | 'UNSUPPORTED', what: string): CoreError {
  return new CoreError(code, `${what} needs the native addon, which this entry of the package does not load`);
}

/** There is no shared memory here. */
export class ShmProvider {
  /** @throws {CoreError} `SHM_UNAVAILABLE` */
  constructor(_options: ShmProviderOptions) {
    throw needsAddon('SHM_UNAVAILABLE', 'shared memory');
  }

  /** @throws {CoreError} `SHM_UNAVAILABLE` */
  alloc(_size: number): NativeBuffer {
    throw needsAddon('SHM_UNAVAILABLE', 'shared memory');
  }
}

/** There is no shared memory here. */
export class ShmRecycler {
  /** @throws {CoreError} `SHM_UNAVAILABLE` */
  constructor(_pool: ShmProvider, _chunkBytes: number) {
    throw needsAddon('SHM_UNAVAILABLE', 'shared memory');
  }

  /** @throws {CoreError} `SHM_UNAVAILABLE` */
  alloc(_size: number): NativeBuffer {
    throw needsAddon('SHM_UNAVAILABLE', 'shared memory');
  }

  [Symbol.dispose](): void {}
}

/** @throws {CoreError} `UNSUPPORTED` */
export async function diagnoseShm(): Promise<ShmDiagnosis> {
  throw needsAddon('UNSUPPORTED', 'shared memory');
}

/** @throws {CoreError} `UNSUPPORTED` */
export async function cleanupOrphanedShmSegments(): Promise<RemovedSegment[]> {
  throw needsAddon('UNSUPPORTED', 'shared memory');
}

/** @throws {CoreError} `UNSUPPORTED` */
export function handOver(_payload: ZBytes): HandOver {
  throw needsAddon('UNSUPPORTED', 'a hand-over');
}

/** @throws {CoreError} `UNSUPPORTED` */
export function takeOver(_token: HandOver): ZBytes {
  throw needsAddon('UNSUPPORTED', 'a hand-over');
}
