// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Config, Session } from '@zenoh-segments/core';

/** A session that meets nobody unless told to listen on, or connect to, a port of the loopback interface. */
export function openSession({ listen, connect } = {}, options = {}) {
  const config = new Config();
  config.insertJson5('scouting/multicast/enabled', 'false');
  config.insertJson5('scouting/delay', '0');
  config.insertJson5('listen/endpoints', listen === undefined ? '[]' : `["tcp/127.0.0.1:${listen}"]`);
  if (connect !== undefined) config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${connect}"]`);
  return Session.open(config, options);
}

/** A session that serves a port to WebSocket clients, and publishes numbers; the answer ends it. */
export async function serving(port) {
  const session = await openSession({}, { serve: { websocket: `ws/127.0.0.1:${port}` } });
  const publisher = await session.declarePublisher('numbers');
  let number = 0;
  const timer = setInterval(() => publisher.put(`${number++}`), 2);
  return async () => {
    clearInterval(timer);
    await session.close();
  };
}

function status(name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

/**
 * Memory (of the process's own, in KiB), threads and descriptors, when garbage is gone and threads that end have ended. As long
 * as there are more threads or descriptors than in `most`, it looks again: they end when the machine lets them.
 */
export async function settled(most) {
  const limit = performance.now() + 30_000;
  for (;;) {
    for (let i = 0; i < 10; i++) {
      globalThis.gc();
      await delay(20);
    }
    const now = {
      kib: status('RssAnon'),
      threads: status('Threads'),
      descriptors: readdirSync('/proc/self/fd').length,
    };
    const more = most !== undefined && (now.threads > most.threads || now.descriptors > most.descriptors);
    if (!more || performance.now() > limit) return now;
  }
}
