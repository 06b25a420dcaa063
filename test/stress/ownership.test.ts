// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CongestionControl,
  Locality,
  type Ownership,
  type Sample,
  Session,
  ShmProvider,
  ZBytes,
} from '@zenoh-segments/core';
import { pairOf } from '../conformance/pair.js';
import { rawAddon } from '../support/addon.js';
import { collected } from '../support/collected.js';
import { connecting, freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { type BufferKind, bufferKinds, type Disturbance } from './buffer-kinds.js';

const PUTS = 1000;
const LENGTH = 5000;
/** Enough to see that nothing keeps them, few enough to be quick. */
const WATCHED = 20;

const shm = new ShmProvider({ size: 64 * 1024 * 1024 });
const ownerships: Ownership[] = ['retain', 'transfer', 'copy'];
const routes = ['remote', 'local', 'both'] as const;
type Route = (typeof routes)[number];

let sender: Session;
let receiver: Session;
beforeAll(async () => {
  const port = await freePort();
  sender = await Session.open(listening(port));
  receiver = await Session.open(connecting(port));
});
afterAll(async () => {
  await receiver.close();
  await sender.close();
});

const combinations = bufferKinds(shm).flatMap((kind) =>
  ownerships.flatMap((ownership) => routes.map((route) => [kind.name, ownership, route, kind] as const)),
);

test.each(combinations)('%s, %s, %s', async (_name, ownership, route, kind) => {
  const refusal = kind.refused[ownership];
  if (refusal !== undefined) {
    const { view } = kind.make(LENGTH);
    expect(() => ZBytes.fromSegments([view], { ownership })).toThrow(expect.objectContaining({ code: refusal }));
    expect(view.byteLength).toBeGreaterThan(0);
    return;
  }
  const refs = await run(kind, ownership, route);
  await collected('sent and received buffers', refs);
});

async function run(kind: BufferKind, ownership: Ownership, route: Route): Promise<WeakRef<object>[]> {
  const key = `stress/${kind.name.replaceAll(' ', '-')}/${ownership}/${route}`;
  const refs: WeakRef<object>[] = [];
  const sent: (Disturbance | undefined)[] = [];
  const wrong: string[] = [];
  const counts = { remote: 0, local: 0 };
  const bounds = { count: 1_000_000, bytes: 1e9 };

  const check = (where: 'remote' | 'local') => (sample: Sample) => {
    const index = counts[where]++;
    const view = sample.payload().segments()[0] as Uint8Array;
    if (index % (PUTS / WATCHED) === 0) refs.push(new WeakRef(view));
    const shares = where === 'local' && ownership === 'retain' && kind.shared;
    const problem = shares ? sharedProblem(view, sent[index], index) : unlike(sample.payload(), index);
    if (problem !== undefined && wrong.length < 5) wrong.push(`${where} ${index}: ${problem}`);
    if (where === 'remote') sample[Symbol.dispose]();
  };

  const inbox =
    route === 'local' ? undefined : await pairOf(sender, receiver).reach(key, { handler: () => {}, bounds });
  const remote = await receiver.declareSubscriber(key, { handler: check('remote'), bounds });
  const local =
    route === 'remote' ? undefined : await sender.declareSubscriber(key, { handler: check('local'), bounds });
  const allowedDestination = { remote: Locality.REMOTE, local: Locality.SESSION_LOCAL, both: Locality.ANY }[route];

  for (let i = 0; i < PUTS; i++) {
    const source = kind.make(LENGTH);
    source.view.fill(i & 0xff);
    if (i % (PUTS / WATCHED) === 0) refs.push(new WeakRef(source.view));
    const payload = ZBytes.fromSegments([source.view], { ownership });
    const put = sender.put(key, payload, { allowedDestination, congestionControl: CongestionControl.BLOCK });
    // The put ran before it returned its promise: from here on the memory is the caller's to spoil.
    expect(rawAddon.counters().liveBorrowed).toBe(0);
    const how = source.disturb[i % source.disturb.length];
    if (how !== undefined && !(ownership === 'transfer' && how === 'resize')) source.apply(how);
    sent.push(how);
    await put;
    // Shared memory goes back when the receiver is done with it.
    if (i % 200 === 199) await turn();
  }
  await until(
    `all of ${key} came`,
    () => counts.local === (local ? PUTS : 0) && counts.remote === (route === 'local' ? 0 : PUTS),
  );
  expect(wrong).toEqual([]);
  if (inbox !== undefined) inbox.samples.length = 0;
  await remote.undeclare();
  await local?.undeclare();
  return refs;
}

/** What differs from the bytes that were put; nothing for a payload as promised. */
function unlike(payload: ZBytes, index: number): string | undefined {
  const value = index & 0xff;
  for (const segment of payload.segments()) {
    const at = segment.findIndex((byte) => byte !== value);
    if (at >= 0) return `byte ${at} is ${segment[at]}, not ${value}`;
  }
  return payload.length === 0 ? 'empty' : undefined;
}

/** Retained by a local subscriber: the caller's memory as the caller left it. */
function sharedProblem(view: Uint8Array, how: Disturbance | undefined, index: number): string | undefined {
  switch (how) {
    case 'overwrite':
      return view.some((byte) => byte !== 0xee) ? 'the overwritten bytes are not seen' : undefined;
    case 'transfer':
    case 'dispose':
      return view.byteLength !== 0 ? 'memory that is gone is still seen' : undefined;
    default:
      return view.byteLength > 0 && view[0] !== (index & 0xff) ? 'a resized view changed its first byte' : undefined;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
