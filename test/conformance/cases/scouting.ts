// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { type Hello, Session, scout, WhatAmI, WhatAmIMatcher } from '@zenoh-segments/core';
import { multicastGroup, scoutable } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/** A session that scouts of its group find, on the loopback interface alone. */
async function withScoutable(run: (session: Session, group: string) => Promise<void>): Promise<void> {
  const group = await multicastGroup();
  await using session = await Session.open(scoutable(group));
  await run(session, group);
}

export const scouting: Case[] = [
  {
    name: 'a peer is found with its role, id and locators, whatever way the roles are given',
    covers: ['+scout'],
    run: () =>
      withScoutable(async (session, group) => {
        for (const what of [
          WhatAmI.PEER,
          WhatAmI.PEER | WhatAmI.ROUTER,
          'peer|client',
          WhatAmIMatcher.empty().peer(),
        ]) {
          for await (const hello of await scout(what, scoutable(group))) {
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
    run: () =>
      withScoutable(async (_, group) => {
        const found: string[] = [];
        const watch = async (name: string, what: string, where: string) => {
          const search = await scout(what, scoutable(where), { timeout: 1_500 });
          for await (const _hello of search) found.push(name);
          expect(search.stats().queued).toBe(0);
        };
        await Promise.all([
          watch('routers', 'router|client', group),
          watch('elsewhere', 'peer', await multicastGroup()),
          watch('peers', 'peer', group),
        ]);
        expect(new Set(found)).toEqual(new Set(['peers']));
      }),
  },
  {
    name: 'a callback is called until stop, then its end once',
    covers: ['+scout', '-scout'],
    run: () =>
      withScoutable(async (_, group) => {
        const found: Hello[] = [];
        let drops = 0;
        const search = await scout('peer', scoutable(group), {
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
    run: async () => {
      const config = scoutable(await multicastGroup());
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
    },
  },
  {
    name: 'no role, a bad timeout, no such interface: refused',
    covers: ['-scout'],
    run: async () => {
      const config = scoutable(await multicastGroup());
      const refused = { code: 'INVALID_ARGUMENT' };
      for (const what of [0, 8, -1, 1.5, 'emperor', '']) {
        await expect(scout(what, config)).rejects.toMatchObject(refused);
      }
      await expect(scout('peer', config, { timeout: 0 })).rejects.toMatchObject(refused);
      await expect(scout('peer', config, { timeout: 2 ** 31 })).rejects.toMatchObject(refused);
      config.insertJson5('scouting/multicast/interface', '"nosuch0"');
      await expect(scout('peer', config)).rejects.toMatchObject({
        code: 'NETWORK',
        message: 'no network interface to scout on: "nosuch0"',
      });
    },
  },
];
