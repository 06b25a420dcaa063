// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Begins to use shared memory: with a pool, or with a session that listens where a peer could come.
import { ShmProvider } from '@zenoh-segments/core';
import { openSession } from './common.mjs';

const [kind] = process.argv.slice(2);
const session = kind === 'session' ? await openSession({ listen: 0 }) : undefined;
const pool = kind === 'pool' ? new ShmProvider({ size: 65_536 }) : undefined;
console.log('started', pool?.size);
await session?.close();
