// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type AdvancedPublisher,
  CongestionControl,
  ConsolidationMode,
  Locality,
  type Query,
  Sample,
  type Session,
  type Subscriber,
  type ZBytes,
} from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { until } from '../support/until.js';

export type Place = 'remote' | 'local';
export type Hear = (place: Place, sample: Sample) => void;

/** A way open for messages, in rounds. */
export interface Channel {
  /** How often each message arrives. */
  readonly arrivals: Partial<Record<Place, number>>;
  begin(): Promise<void>;
  /** Native code has seen the memory when this returns its promise. */
  send(payload: ZBytes, index: number): Promise<unknown>;
  /** After the round: everything sent since `begin` is delivered, or about to be. */
  end(sent: number): Promise<void>;
  close(): Promise<void>;
}

/** One way from a sender to receivers. */
export interface Route {
  readonly name: string;
  /** Local receivers get what the sender put, instead of what zenoh kept. */
  readonly shares: boolean;
  /** How many messages are sent before they are waited for: where zenoh may drop, few enough for its queue. */
  readonly round: number;
  /** zenoh may drop messages for the remote session, and tells so. */
  readonly drops?: boolean;
  open(sender: Session, receiver: Session, key: string, hear: Hear): Promise<Channel>;
}

/** Roomy, so that nothing but ownership is judged. */
const bounds = { count: 1_000_000, bytes: 1e9 };
const ROUND = 50;
const nothing = async () => {};
const { DROP, BLOCK, BLOCK_FIRST } = CongestionControl;
const { SESSION_LOCAL, REMOTE, ANY } = Locality;

/** Each message carries its number: the order of arrival is not at stake. */
const numbered = (index: number) => ({ encoding: `zenoh/bytes;${index}` });
export const numberOf = (sample: Sample) => Number(sample.encoding().toString().split(';')[1]);

function put(name: string, congestionControl: CongestionControl, allowedDestination: Locality): Route {
  const [remote, local] = [allowedDestination !== SESSION_LOCAL, allowedDestination !== REMOTE];
  return {
    name,
    shares: true,
    drops: congestionControl !== BLOCK,
    round: congestionControl === BLOCK ? ROUND : 10,
    async open(sender, receiver, key, hear) {
      const subscribe = (session: Session, place: Place) =>
        session.declareSubscriber(key, { handler: (sample) => hear(place, sample), bounds });
      const subscribers: Subscriber[] = [];
      if (remote) subscribers.push(await subscribe(receiver, 'remote'));
      if (remote) await matched(sender, key);
      if (local) subscribers.push(await subscribe(sender, 'local'));
      return {
        arrivals: { ...(remote && { remote: 1 }), ...(local && { local: 1 }) },
        begin: nothing,
        send: (payload, index) =>
          sender.put(key, payload, { ...numbered(index), allowedDestination, congestionControl }),
        end: nothing,
        async close() {
          for (const subscriber of subscribers) await subscriber.undeclare();
        },
      };
    },
  };
}

/** What an advanced publisher keeps, asked for after the sender has spoilt its memory: by itself, and by another session. */
function cache(): Route {
  return {
    round: ROUND,
    name: "an advanced publisher's cache",
    shares: false,
    async open(sender, receiver, key, hear) {
      let known = false;
      const tokens = await receiver.liveliness().declareSubscriber(`${key}/@adv/pub/**`, {
        handler: () => {
          known = true;
        },
      });
      const publisher: AdvancedPublisher = await sender.declareAdvancedPublisher(key, {
        cache: { maxSamples: ROUND },
        publisherDetection: true,
        sampleMissDetection: {},
      });
      // The cache is declared before the token: it can be asked then.
      await until('the receiver knows of the cache', () => known);
      await tokens.undeclare();
      const ask = async (session: Session, place: Place, wanted: number) => {
        let came = 0;
        await using _ = await session.declareAdvancedSubscriber(key, {
          history: {},
          bounds,
          handler: (sample) => {
            came++;
            hear(place, sample);
          },
        });
        await until(`${wanted} samples of the cache came to the ${place} session`, () => came >= wanted);
      };
      return {
        arrivals: { remote: 1, local: 1 },
        begin: nothing,
        send: (payload, index) => publisher.put(payload, numbered(index)),
        async end(sent) {
          await ask(receiver, 'remote', sent);
          await ask(sender, 'local', sent);
        },
        close: () => publisher.undeclare(),
      };
    },
  };
}

/** Replies to a query of each round. */
function reply(name: string, place: Place): Route {
  return {
    name,
    round: ROUND,
    shares: true,
    async open(sender, receiver, key, hear) {
      const queries: Query[] = [];
      const queryable = await sender.declareQueryable(key, { handler: (query) => void queries.push(query) });
      const asker = place === 'remote' ? receiver : sender;
      const querier = await asker.declareQuerier(key, { consolidation: ConsolidationMode.NONE });
      const matching = async () => (await querier.matchingStatus()).matching();
      for (const deadline = performance.now() + 10_000; !(await matching()); ) {
        if (performance.now() > deadline) throw new Error(`nobody answers on ${key} within 10 s`);
      }
      let query: Query;
      return {
        arrivals: { [place]: 1 },
        async begin() {
          await querier.get({
            handler: (answer) => {
              const sample = answer.result();
              if (!(sample instanceof Sample)) throw new Error(sample.payload().toString());
              hear(place, sample);
            },
          });
          await until('a query came', () => queries.length > 0);
          query = queries.shift() as Query;
        },
        send: (payload, index) => query.reply(key, payload, numbered(index)),
        end: () => query.finalize(),
        async close() {
          await querier.undeclare();
          await queryable.undeclare();
        },
      };
    },
  };
}

export const routes: readonly Route[] = [
  put('DROP', DROP, REMOTE),
  put('BLOCK', BLOCK, REMOTE),
  put('BLOCK_FIRST', BLOCK_FIRST, REMOTE),
  put('a local subscriber', BLOCK, SESSION_LOCAL),
  put('local and remote', BLOCK, ANY),
  put('local and remote, DROP', DROP, ANY),
  cache(),
  reply('replies', 'remote'),
  reply('local replies', 'local'),
];
