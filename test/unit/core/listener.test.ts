// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type LinkEvent, SampleKind, Session, type TransportEvent } from '@zenoh-segments/core';
import { connecting, freePort, isolated, listening, withPair, withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const toggle = fileURLToPath(new URL('programs/toggle.mjs', import.meta.url));

test('events that come while the event loop is blocked wait up to a bound; beyond it they are lost, and counted', async () => {
  const port = await freePort();
  await using session = await Session.open(listening(port));
  const publisher = await session.declarePublisher('listener/blocked');
  const heard: boolean[] = [];
  const listener = await publisher.matchingListener({ handler: (status) => heard.push(status.matching()) });
  // Nothing runs here until the other process is through. zenoh leaves out changes that are over before it looks.
  const { status, stderr } = spawnSync(process.execPath, [toggle, `${port}`, 'listener/blocked', '4000'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  await until('the loss is told', () => listener.stats().lost > 0);
  const { received, delivered, lost } = listener.stats();
  expect(received).toBe(delivered + lost);
  expect(delivered).toBe(heard.length);
  expect(heard.slice(0, 1_024)).toEqual(Array.from({ length: 1_024 }, (_, i) => i % 2 === 0));
  // At most the end of the other process came late.
  expect(delivered).toBeLessThanOrEqual(1_025);
});

test('a listener undeclared in its own callback hears no more', async () => {
  await withPair(async (sender, receiver) => {
    const publisher = await sender.declarePublisher('listener/itself');
    let calls = 0;
    const listener = await publisher.matchingListener({
      handler: () => {
        calls++;
        void listener.undeclare();
      },
    });
    const other = await publisher.matchingListener({ handler: () => {} });
    const subscriber = await receiver.declareSubscriber('listener/itself');
    await until('both are told of the subscriber', () => calls === 1 && other.stats().received === 1);
    await subscriber.undeclare();
    await until('its end is told', () => other.stats().received === 2);
    expect(calls).toBe(1);
    expect(listener.stats()).toEqual({ received: 1, delivered: 1, lost: 0, queued: 0 });
  });
});

test('a listener outlives the publisher object that made it, as long as the publisher is not undeclared', async () => {
  await withSession(async (session) => {
    const heard: boolean[] = [];
    let publisher: WeakRef<object> | undefined;
    await (async () => {
      const declared = await session.declarePublisher('listener/garbage');
      await declared.matchingListener({ handler: (status) => heard.push(status.matching()) });
      publisher = new WeakRef(declared);
    })();
    await until('the publisher object is collected', () => {
      globalThis.gc?.();
      return publisher?.deref() === undefined;
    });
    // Its finalizer runs in a turn of the event loop.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await session.declareSubscriber('listener/garbage', { handler: () => {} });
    await until('the subscriber is told', () => heard.length === 1);
  });
});

/** Those that came and did not go yet. */
class Standing {
  readonly keys = new Set<string>();
  readonly wrong: string[] = [];
  came = 0;

  hear(kind: SampleKind, key: string): void {
    if (kind === SampleKind.PUT) {
      this.came++;
      if (this.keys.has(key)) this.wrong.push(`${key} came twice`);
      this.keys.add(key);
    } else if (!this.keys.delete(key)) this.wrong.push(`${key} went without having come`);
  }

  readonly hearLink = (event: LinkEvent) => {
    const link = event.link();
    this.hear(event.kind(), `${link.zid()} ${link.src()} ${link.dst()}`);
  };
}

test('each transport and link that comes also goes, once, however fast: zenoh alone leaves out ends of links', async () => {
  const port = await freePort();
  await using session = await Session.open(listening(port));
  const info = await session.info();
  const [transports, links] = [new Standing(), new Standing()];
  const handler = (event: TransportEvent) => transports.hear(event.kind(), `${event.transport().zid()}`);
  const listeners = await Promise.all([
    info.transportEventsListener({ handler }),
    info.linkEventsListener({ handler: links.hearLink }),
  ]);
  const late = new Standing();
  for (let round = 0; round < 25; round++) {
    const guests = Array.from({ length: 8 }, async () => {
      const guest = await Session.open(connecting(port));
      await guest.close();
    });
    // Declared in the middle of it, which must not confuse the history.
    const listener = await info.linkEventsListener({ history: true, handler: late.hearLink });
    await Promise.all(guests);
    await until('the late listener heard all', () => late.keys.size === 0);
    await listener.undeclare();
  }
  await until('all are gone', () => transports.keys.size === 0 && links.keys.size === 0);
  expect([...transports.wrong, ...links.wrong, ...late.wrong]).toEqual([]);
  expect(links.came).toBe(transports.came);
  expect(links.came).toBeGreaterThan(50);
  expect(listeners.map((listener) => listener.stats().lost)).toEqual([0, 0]);
});

test('a transport without shared memory says so', async () => {
  const port = await freePort();
  const without = (endpoints: string) => {
    const config = isolated();
    config.insertJson5('transport/shared_memory/enabled', 'false');
    config.insertJson5(endpoints, `["tcp/127.0.0.1:${port}"]`);
    return config;
  };
  await using left = await Session.open(without('listen/endpoints'));
  await using _right = await Session.open(without('connect/endpoints'));
  const listener = await (await left.info()).transportEventsListener({ history: true });
  for await (const event of listener) {
    expect(event.transport().isShm()).toBe(false);
    break;
  }
});
