// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What `ZBytes.fromSegments` promises about memory, for every kind of it, on every way out, with a sender that spoils it
// as soon as it may. ZENOH_SEGMENTS_STRESS_PUTS sets how many puts each cell makes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CongestionControl,
  type Ledger,
  type Ownership,
  type Sample,
  Session,
  ShmProvider,
  ZBytes,
} from '@zenoh-segments/core';
import { rawAddon } from '../support/addon.js';
import { collected } from '../support/collected.js';
import { matched } from '../support/matched.js';
import { connecting, freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { type BufferKind, bufferKinds, type Disturbance } from './buffer-kinds.js';
import { type Hear, numberOf, type Place, type Route, routes } from './ownership-routes.js';

// The environment of the sessions; `rawAddon` is another one.
const place = new URL('../../packages/core/dist/native/load.js', import.meta.url).href;
const { addon } = (await import(place)) as typeof import('../../packages/core/dist/native/load.js');

const PUTS = Number(process.env.ZENOH_SEGMENTS_STRESS_PUTS ?? 100);
const LENGTH = 5000;
/** Received payloads in stock for those that are refused. */
const STOCK = 50;
/** Enough to see that nothing keeps them, few enough to be quick. */
const WATCHED = 10;
const FULL_COLLECTIONS = 2;
const LIMIT = 60_000 + PUTS * 20;

if (!(Number.isSafeInteger(PUTS) && PUTS > 0 && PUTS % 100 === 0)) {
  throw new Error(`ZENOH_SEGMENTS_STRESS_PUTS must be a multiple of 100, not ${PUTS}`);
}

const SPOILT = 0xee;
/** Never what the spoiler writes. */
const byteOf = (index: number) => index % SPOILT;

const ownerships: Ownership[] = ['retain', 'transfer', 'copy'];
const stock: Sample[] = [];
const shm = new ShmProvider({ size: 16 * 1024 * 1024 });
const room = shm.available;
const kinds = bufferKinds(shm, (length, value) => {
  const sample = stock.shift();
  if (sample?.payload().length !== length || sample.payload().range(0, 1)[0] !== value) throw new Error('wrong stock');
  return sample;
});

let sender: Session;
let receiver: Session;
beforeAll(async () => {
  const port = await freePort();
  sender = await Session.open(listening(port));
  receiver = await Session.open(connecting(port));
  await sender.declareSubscriber('stress/stock', { handler: (sample) => void stock.push(sample) });
  await matched(receiver, 'stress/stock');
});
afterAll(async () => {
  await receiver.close();
  await sender.close();
});

const cells = kinds.flatMap((kind) =>
  ownerships
    .filter((ownership) => kind.refused[ownership] === undefined)
    .flatMap((ownership) => routes.map((route) => [kind.name, ownership, route.name, kind, route] as const)),
);
const refusals = kinds.flatMap((kind) =>
  ownerships
    .filter((ownership) => kind.refused[ownership] !== undefined)
    .map((ownership) => [kind.name, ownership, kind.refused[ownership] as string, kind] as const),
);

test.each(cells)(
  '%s, %s, %s',
  async (_name, ownership, _route, kind, route) => {
    const refs = await new Cell(kind, ownership, route).run();
    await collected('sent and received buffers', refs);
    await until('no memory is shown, none is lent, and the pool is whole', () => {
      globalThis.gc?.();
      shm.garbageCollect();
      const { regions, liveBorrowed } = addon().counters();
      return regions === 0 && liveBorrowed === 0 && shm.available === room;
    });
  },
  LIMIT,
);

describe('refused, and left as it was', () => {
  test.each(refusals)(
    '%s, %s: %s',
    async (_name, ownership, code, kind) => {
      for (let i = 0; i < PUTS; i += STOCK) {
        await restock(kind, i, STOCK);
        for (let j = i; j < i + STOCK; j++) {
          const { view, apply } = kind.make(LENGTH, byteOf(j));
          const length = view.byteLength;
          expect(() => ZBytes.fromSegments([view], { ownership })).toThrow(expect.objectContaining({ code }));
          expect(view.byteLength).toBe(length);
          if (length > 0) expect(view.every((byte) => byte === byteOf(j))).toBe(true);
          apply('dispose');
        }
      }
      expect(rawAddon.counters().liveBorrowed).toBe(0);
    },
    LIMIT,
  );
});

/** As many received payloads as a round needs. */
async function restock(kind: BufferKind, from: number, count: number): Promise<void> {
  if (kind.name !== 'a received view') return;
  for (let i = from; i < from + count; i++) {
    const bytes = new Uint8Array(LENGTH).fill(byteOf(i));
    await receiver.put('stress/stock', bytes, { congestionControl: CongestionControl.BLOCK });
  }
  await until('the stock came', () => stock.length === count);
}

const NOT_SHARED = 'the overwritten bytes are not seen';

/** All puts of one kind of memory, in one mode, on one route. */
class Cell {
  readonly #kind: BufferKind;
  readonly #ownership: Ownership;
  readonly #route: Route;
  readonly #refs: WeakRef<object>[] = [];
  readonly #spoilt: (Disturbance | undefined)[] = [];
  readonly #wrong: string[] = [];
  readonly #ledgers: Ledger[] = [];
  readonly #unshared: number[] = [];
  readonly #came = { remote: 0, local: 0 };
  /** As told. */
  #dropped = 0;

  constructor(kind: BufferKind, ownership: Ownership, route: Route) {
    [this.#kind, this.#ownership, this.#route] = [kind, ownership, route];
  }

  async run(): Promise<WeakRef<object>[]> {
    const key = `stress/${[this.#kind.name, this.#ownership, this.#route.name].join('/').replaceAll(/[ ',]/g, '-')}`;
    const { before } = this.#kind;
    const code = this.#ownership === 'retain' ? before?.code : undefined;
    const channel = await this.#route.open(sender, receiver, key, this.#hear);
    const { round: size } = this.#route;
    for (let i = 0; i < PUTS; i += size) {
      await restock(this.#kind, i, size);
      await channel.begin();
      const round = Array.from({ length: size }, (_, j) => this.#put(channel.send, i + j));
      if (i % (PUTS / FULL_COLLECTIONS) < size) globalThis.gc?.();
      for (const { sent, payload } of round) {
        if (code !== undefined) await expect(sent).rejects.toMatchObject({ code });
        else if ((await sent) === 'dropped') this.#dropped++;
        await payload.released;
      }
      const sentSoFar = code === undefined ? i + size : 0;
      await channel.end(sentSoFar === 0 ? 0 : size);
      await until(`${sentSoFar} of ${key} came`, () =>
        (Object.entries(channel.arrivals) as [Place, number][]).every(
          ([at, times]) => this.#came[at] >= this.#due(at, sentSoFar) * times,
        ),
      );
    }
    await channel.close();
    const sent = code === undefined ? PUTS : 0;
    if (!this.#route.drops) expect(this.#dropped).toBe(0);
    for (const [at, times] of Object.entries(channel.arrivals) as [Place, number][]) {
      expect(this.#came[at]).toBe(this.#due(at, sent) * times);
    }
    for (const index of this.#unshared) {
      // What went by a lane of its own thread, on a busy machine, is a copy, and counted as one.
      if (this.#ledgers[index]?.copiedFor('offload') === 0) this.#complain(`local ${index}: ${NOT_SHARED}`);
    }
    expect(this.#wrong).toEqual([]);
    return this.#refs;
  }

  /** What is dropped is dropped on its way to the remote session. */
  #due(at: Place, sent: number): number {
    return at === 'remote' ? sent - this.#dropped : sent;
  }

  #put(send: (payload: ZBytes, index: number) => Promise<unknown>, index: number) {
    const { view, disturb, apply } = this.#kind.make(LENGTH, byteOf(index));
    const payload = ZBytes.fromSegments([view], { ownership: this.#ownership });
    if (this.#kind.before !== undefined) apply(this.#kind.before.how);
    const sent = send(payload, index);
    this.#ledgers[index] = payload.ledger;
    // A rejection is looked at later.
    sent.catch(() => {});
    // From here on the memory is the caller's to spoil: zenoh has its own copy, or a reference to native memory.
    if (rawAddon.counters().liveBorrowed !== 0) this.#complain(`${index}: memory is still lent`);
    const how = disturb[index % disturb.length];
    if (how !== undefined) apply(how);
    this.#spoilt[index] = how;
    if (index % (PUTS / WATCHED) === 0) {
      this.#refs.push(new WeakRef(view));
      (globalThis.gc as ((how: { type: 'minor' }) => void) | undefined)?.({ type: 'minor' });
    }
    return { sent, payload };
  }

  readonly #hear: Hear = (at, sample) => {
    this.#came[at]++;
    const index = numberOf(sample);
    const shares = at === 'local' && this.#route.shares && this.#ownership === 'retain' && this.#kind.shared;
    const payload = sample.payload();
    const problem = shares ? this.#sharedProblem(payload, index) : this.#unlike(payload, index);
    if (problem === NOT_SHARED) this.#unshared.push(index);
    else if (problem !== undefined) this.#complain(`${at} ${index}: ${problem}`);
    // What is watched is left to the garbage collector, the rest is given back.
    if (index % (PUTS / WATCHED) !== 0) sample[Symbol.dispose]();
    else this.#refs.push(...payload.segments().map((view) => new WeakRef(view)));
  };

  #complain(problem: string): void {
    if (this.#wrong.length < 5) this.#wrong.push(problem);
  }

  /** What differs from the bytes that were put; nothing for a payload as promised. */
  #unlike(payload: ZBytes, index: number): string | undefined {
    const value = byteOf(index);
    for (const segment of payload.segments()) {
      const at = segment.findIndex((byte) => byte !== value);
      if (at >= 0) return `byte ${at} is ${segment[at]}, not ${value}`;
    }
    const length = this.#kind.empty ? 0 : this.#kind.name === 'a pooled Buffer' ? 1000 : LENGTH;
    return payload.length === length ? undefined : `it has ${payload.length} bytes, not ${length}`;
  }

  /** Retained by a local receiver: the caller's memory as the caller left it. */
  #sharedProblem(payload: ZBytes, index: number): string | undefined {
    const [view] = payload.segments();
    const how = this.#spoilt[index];
    if (view === undefined) return this.#kind.empty ? undefined : 'no segment came';
    switch (how) {
      case 'overwrite':
        return view.some((byte) => byte !== SPOILT) ? NOT_SHARED : undefined;
      case 'transfer':
        return view.byteLength !== 0 ? 'memory that is gone is still seen' : undefined;
      default:
        return view.byteLength > 0 && view[0] !== byteOf(index) ? 'a resized view changed its first byte' : undefined;
    }
  }
}
