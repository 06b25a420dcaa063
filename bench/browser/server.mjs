// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// The server of both, with a publisher and a subscriber of its own. Commands by stdin: `send <count> <size>`,
// `expect <count>`, `quit`.
import { createInterface } from 'node:readline';
import { Config, CongestionControl, Session } from '@zenoh-segments/core';
import { say } from '../peers/commands.mjs';

const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', '[]');
// Nothing may be dropped for a page that is slower than the publisher.
const session = await Session.open(config, {
  serve: { websocket: { listen: 'ws/127.0.0.1:0', backlog: 4 * 2 ** 30 } },
});
let received = 0;
let goal = 0;
await session.declareSubscriber('bench/up', {
  bounds: { policy: 'block' },
  handler: (sample) => {
    sample[Symbol.dispose]();
    if (++received === goal) say('done');
  },
});
const publisher = await session.declarePublisher('bench/down', { congestionControl: CongestionControl.BLOCK });
say(`ready ${session.websocketServer?.locator}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, count, size] = line.split(' ');
  if (verb === 'quit') break;
  if (verb === 'expect') {
    received = 0;
    goal = Number(count);
    say('armed');
  } else {
    const payload = new Uint8Array(Number(size)).fill(7);
    for (let i = 0; i < Number(count); i++) await publisher.put(payload);
  }
}
await session.close();
