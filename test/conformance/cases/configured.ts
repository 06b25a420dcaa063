// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@zenoh-segments/core';
import { connecting, freePort, listening } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { configured, OPTIMIZATION, putUntil } from '../configuring.js';
import { expect } from '../expect.js';

export const configurations: Case[] = [
  {
    name: 'large puts go by implicit shared memory when the configuration says so, and by default they do not',
    covers: ['+implicit-shm', '-implicit-shm'],
    run: async (pair) => {
      const { sender, receiver } = pair;
      const payload = new Uint8Array(10_000).fill(1);
      await configured(
        pair,
        (listener, connector) => {
          for (const config of [listener, connector]) config.insertJson5(OPTIMIZATION, 'true');
        },
        (listener, connector) => putUntil(connector, listener, 'configured/shm', payload, (sample) => sample.isShm()),
      );
      const kinds: boolean[] = [];
      await putUntil(sender, receiver, 'configured/plain', payload, (sample) => kinds.push(sample.isShm()) === 20);
      expect(kinds).toEqual(new Array(20).fill(false));
    },
  },
  {
    name: 'a session with a user and a password is let in, and one with another password is not',
    covers: ['+security', '-security'],
    run: async (pair) => {
      const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-users-'));
      const dictionary = join(folder, 'users.txt');
      writeFileSync(dictionary, 'robot:secret\n');
      const users = (password: string) => (listener: Config, connector: Config) => {
        const account = (secret: string) =>
          JSON.stringify({ user: 'robot', password: secret, dictionary_file: dictionary });
        listener.insertJson5('transport/auth/usrpwd', account('secret'));
        connector.insertJson5('transport/auth/usrpwd', account(password));
        connector.insertJson5('connect/timeout_ms', '0');
        connector.insertJson5('connect/exit_on_failure', 'true');
      };
      try {
        await configured(pair, users('secret'), (listener, connector) =>
          putUntil(connector, listener, 'configured/user', Uint8Array.of(1), () => true),
        );
        const refused = configured(pair, users('guess'), async () => {});
        await expect(refused).rejects.toMatchObject({ code: 'OPEN_FAILED' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  {
    name: 'after the loss of a link it is made again, and what was declared is declared again',
    covers: ['+reconnect', '-reconnect'],
    run: async ({ join }) => {
      const port = await freePort();
      const config = connecting(port);
      config.insertJson5('connect/retry', '{ period_init_ms: 50, period_max_ms: 50, period_increase_factor: 1 }');
      let { session: peer, leave } = await join(listening(port));
      const { session } = await join(config);
      const seen: string[] = [];
      await session.declareSubscriber('configured/again', {
        handler: (sample) => seen.push(sample.payload().toString()),
      });
      const putUntilSeen = async (text: string) => {
        let puts: Promise<unknown> = Promise.resolve();
        await until(`${text} came`, () => {
          if (!seen.includes(text)) puts = puts.then(() => peer.put('configured/again', text));
          return seen.includes(text);
        });
        await puts;
      };
      await putUntilSeen('first');
      await leave();
      // Nobody is there: a put is no error, and nobody gets it later.
      await session.put('configured/lost', 'lost');
      ({ session: peer, leave } = await join(listening(port)));
      const lost: string[] = [];
      await peer.declareSubscriber('configured/lost', {
        handler: (sample) => lost.push(sample.payload().toString()),
      });
      await putUntilSeen('second');
      await session.put('configured/lost', 'kept');
      await until('what was put after that came', () => lost.length > 0);
      expect(lost).toEqual(['kept']);
    },
  },
  {
    name: 'access control and the low-pass filter keep back what they must, and nothing else',
    covers: ['+security', '-security'],
    run: (pair) =>
      configured(
        pair,
        (_, connector) => {
          connector.insertJson5(
            'access_control',
            JSON.stringify({
              enabled: true,
              default_permission: 'allow',
              rules: [
                {
                  id: 'secret',
                  messages: ['put'],
                  flows: ['egress'],
                  permission: 'deny',
                  key_exprs: ['guarded/secret'],
                },
              ],
              subjects: [{ id: 'everybody' }],
              policies: [{ rules: ['secret'], subjects: ['everybody'] }],
            }),
          );
          connector.insertJson5(
            'low_pass_filter',
            JSON.stringify([
              { id: 'small', messages: ['put'], flows: ['egress'], key_exprs: ['guarded/small'], size_limit: 100 },
            ]),
          );
        },
        async (listener, connector) => {
          const seen: string[] = [];
          await listener.declareSubscriber('guarded/*', {
            handler: (sample) => seen.push(`${sample.keyexpr()} ${sample.payload().length}`),
          });
          await putUntil(connector, listener, 'guarded/known', Uint8Array.of(1), () => true);
          await connector.put('guarded/secret', 'x');
          await connector.put('guarded/small', new Uint8Array(1000));
          await connector.put('guarded/small', new Uint8Array(10));
          await connector.put('guarded/open', new Uint8Array(1000));
          await until('the last one came', () => seen.includes('guarded/open 1000'));
          expect(seen.filter((each) => !each.startsWith('guarded/known'))).toEqual([
            'guarded/small 10',
            'guarded/open 1000',
          ]);
        },
      ),
  },
];
