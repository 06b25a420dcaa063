// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Puts shared memory and waits to be ended: by a signal, by process.exit, or by having nothing left to do.
import { diagnoseShm, ShmProvider } from '@zenoh-segments/core';
import { openSession } from './common.mjs';

const [ending] = process.argv.slice(2);
// With `pool` there is no session.
const session = ending === 'pool' ? undefined : await openSession();
await session?.declareSubscriber('demo/**', { handler: () => {} });
const provider = new ShmProvider({ size: 1 << 20 });
const chunk = provider.alloc(1 << 16);
await session?.put('demo/shm', chunk.bytes);
// Not by looking what is new in /dev/shm: other programs come and go at the same time.
const { facts } = await diagnoseShm();
const own = facts.segments.filter((segment) => segment.own).map(({ file }) => file);
console.log(`files ${JSON.stringify(own)} end`);
if (ending === 'exit') process.exit(0);
if (ending === 'close') await session.close();
if (ending === 'pool') {
  setInterval(() => {}, 1000);
  // The provider must live as long.
  process.on('exit', () => console.log(provider.available));
}
