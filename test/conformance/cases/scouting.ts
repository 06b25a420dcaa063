// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  type Config,
  type Hello,
  type Session,
  type SessionConfig,
  scout,
  WhatAmI,
  WhatAmIMatcher,
} from '@zenoh-segments/core';
import { multicastGroup, scoutable } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import type { Case, Pair } from '../case.js';
import { expect } from '../expect.js';

/** A session that scouts of its group find, on the loopback interface alone, and what they scout with: there, or elsewhere. */
async function withScoutable(
  { join, backend }: Pair,
  run: (session: Session, config: (other?: Config) => SessionConfig) => Promise<void>,
): Promise<void> {
  const own = scoutable(await multicastGroup());
  const member = await join(own);
  await run(member.session, (other = own) => backend.configOf(member, other));
}

export const scouting: Case[] = [
  {
    name: 'a peer is found with its role, id and locators, whatever way the roles are given',
    covers: ['+scout'],
    run: (pair) =>
      withScoutable(pair, async (session, config) => {
        for (const what of [
          WhatAmI.PEER,
          WhatAmI.PEER | WhatAmI.ROUTER,
          'peer|client',
          WhatAmIMatcher.empty().peer(),
        ]) {
          for await (const hello of await scout(what, config())) {
            expect(hello.whatami()).toBe(WhatAmI.PEER);
            expect(hello.zid().toString()).toBe(session.zid().toString());
            expect(hello.locators()).toEqual((await session.info()).locators());
            break;
          }
        }
      }),
  },
  {
    name: 'who has another role or listens to another group is not found; the timeout ends the search',
    covers: ['-scout'],
    run: (pair) =>
      withScoutable(pair, async (_, config) => {
        const found: string[] = [];
        const watch = async (name: string, what: string, where?: Config) => {
          const search = await scout(what, config(where), { timeout: 1_500 });
          for await (const _hello of search) found.push(name);
          expect(search.stats().queued).toBe(0);
        };
        const elsewhere = scoutable(await multicastGroup());
        const peers = await scout('peer', config(), { handler: () => found.push('peers') });
        await Promise.all([
          watch('routers', 'router|client'),
          watch('elsewhere', 'peer', elsewhere),
          until('the peer is found', () => found.includes('peers')),
        ]);
        await peers.stop();
        expect(new Set(found)).toEqual(new Set(['peers']));
      }),
  },
  {
    name: 'a callback is called until stop, then its end once',
    covers: ['+scout', '-scout'],
    run: (pair) =>
      withScoutable(pair, async (_, config) => {
        const found: Hello[] = [];
        let drops = 0;
        const search = await scout('peer', config(), {
          handler: [(hello) => found.push(hello), () => drops++],
        });
        await until('the peer is found', () => found.length > 0);
        expect(drops).toBe(0);
        await search.stop();
        await search.stop();
        expect(drops).toBe(1);
        expect(search.stats()).toMatchObject({ received: found.length, delivered: found.length, lost: 0 });
      }),
  },
  {
    name: 'a signal ends the search, or does not let it begin',
    covers: ['-scout'],
    run: (pair) =>
      withScoutable(pair, async (_, configOf) => {
        const config = configOf(scoutable(await multicastGroup()));
        const abort = new AbortController();
        const search = await scout('peer', config, { signal: abort.signal });
        const waiting = expect(search.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
        abort.abort();
        await waiting;
        for await (const _ of search) throw new Error('nobody was there');
        const { signal } = abort;
        await expect(scout('peer', config, { signal })).rejects.toMatchObject({
          code: 'CANCELLED',
          cause: signal.reason,
        });
        const during = new AbortController();
        const starting = scout('peer', config, { signal: during.signal });
        during.abort();
        await expect(starting).rejects.toMatchObject({ code: 'CANCELLED' });
      }),
  },
  {
    name: 'no role and a bad timeout are refused',
    covers: ['-scout'],
    run: (pair) =>
      withScoutable(pair, async (_, config) => {
        const refused = { code: 'INVALID_ARGUMENT' };
        for (const what of [0, 8, -1, 1.5, 'emperor', '']) {
          await expect(scout(what, config())).rejects.toMatchObject(refused);
        }
        await expect(scout('peer', config(), { timeout: 0 })).rejects.toMatchObject(refused);
        await expect(scout('peer', config(), { timeout: 2 ** 31 })).rejects.toMatchObject(refused);
      }),
  },
  {
    name: 'an interface that is none is refused',
    covers: ['-scout'],
    run: (pair) =>
      withScoutable(pair, async (_, config) => {
        const nowhere = scoutable(await multicastGroup());
        nowhere.insertJson5('scouting/multicast/interface', '"nosuch0"');
        await expect(scout('peer', config(nowhere))).rejects.toMatchObject({
          code: 'NETWORK',
          message: 'no network interface to scout on: "nosuch0"',
        });
      }),
  },
];
