// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';
import type { SessionShmAllocOptions, SessionShmProvider } from '../session-shm-provider.js';
import type { SessionHandle, SessionPoolHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { checkSize, Memory } from './memory.js';
import { hasFile, policyArguments } from './shm-provider.js';

/** zenoh makes the pool so. */
const ALIGNMENT = 1;

/** Asks for the pool of a session, and waits until zenoh has made it. */
export async function sessionShmProvider(session: SessionHandle): Promise<SessionShmProvider> {
  const pool = call((native) => native.sessionShmPool(session));
  await eventLoop().operation<void>(() => addon().sessionShmReady(pool));
  return new NativeSessionShmProvider(pool);
}

class NativeSessionShmProvider implements SessionShmProvider {
  readonly size: number;
  readonly #pool: SessionPoolHandle;

  constructor(pool: SessionPoolHandle) {
    this.#pool = pool;
    this.size = addon().sessionShmSize(pool);
    hasFile(this);
  }

  alloc(size: number, options: SessionShmAllocOptions = {}): NativeBuffer {
    const { alignment = ALIGNMENT, policy } = options;
    checkSize(size);
    check(alignment === ALIGNMENT, 'alignment', alignment);
    check(typeof policy !== 'object', 'policy', JSON.stringify(policy));
    const shown = call((native) => native.sessionShmAlloc(this.#pool, size, ...policyArguments(policy)));
    const memory = new Memory('shm', shown, alignment);
    if (options.zero === true) memory.bytes.fill(0);
    return memory;
  }

  garbageCollect(): number {
    return call((native) => native.sessionShmCollect(this.#pool));
  }
}
