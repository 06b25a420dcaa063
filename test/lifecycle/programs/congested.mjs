// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Puts large messages at a peer that has stopped reading, then tells what was held and what is still borrowed.
import { createRequire } from 'node:module';
import { openSession } from './common.mjs';

const [port, addonPath] = process.argv.slice(2);
const addon = createRequire(import.meta.url)(addonPath);
const session = await openSession({ listen: port });
console.log('listening');
// A signal handler alone keeps no process alive.
const alive = setInterval(() => {}, 1000);
await new Promise((resolve) => process.once('SIGUSR2', resolve));
clearInterval(alive);
let borrowed = 0;
for (let i = 0; i < 40; i++) {
  const source = new Uint8Array(1_000_000).fill(i);
  await session.put('demo/a', source);
  borrowed += addon.counters().liveBorrowed;
  structuredClone(source.buffer, { transfer: [source.buffer] });
}
const held = addon.counters().held;
console.log(`result ${JSON.stringify({ borrowed, held, ledger: session.ledger.copiedFor('held') })} end`);
process.exit(0);
