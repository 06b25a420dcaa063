// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Idles until `quit`: `bare`, or `ours <subscriptions> <config>`: with a session that nothing is sent to.
import { createInterface } from 'node:readline';

const [what, subscriptions, config] = process.argv.slice(2);

async function open() {
  const { Config, Session } = await import('@zenoh-segments/core');
  const session = await Session.open(Config.fromJson5(config ?? ''));
  for (let number = 0; number < Number(subscriptions); number++) {
    await session.declareSubscriber(`bench/idle/${number}`, { handler: () => {} });
  }
  return session;
}

const session = what === 'ours' ? await open() : undefined;
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) if (line === 'quit') break;
process.stdin.destroy();
await session?.close();
