// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type Sample, Session } from '@zenoh-segments/core';
import { connecting, freePort, listening } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/** Two sessions whose configurations the case changes first, closed in the end. */
async function configured(
  change: (listener: Config, connector: Config) => void,
  run: (listener: Session, connector: Session) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const configs = [listening(port), connecting(port)] as const;
  change(...configs);
  const listener = await Session.open(configs[0]);
  try {
    const connector = await Session.open(configs[1]);
    try {
      await run(listener, connector);
    } finally {
      await connector.close();
    }
  } finally {
    await listener.close();
  }
}

/** Puts until one sample came that is as wanted; what came before it goes by. */
async function putUntil(
  from: Session,
  to: Session,
  key: string,
  payload: Uint8Array,
  wanted: (sample: Sample) => boolean,
): Promise<void> {
  let seen = false;
  const subscriber = await to.declareSubscriber(key, {
    handler: (sample) => {
      seen ||= wanted(sample);
    },
  });
  let puts: Promise<unknown> = Promise.resolve();
  await until(`a sample on ${key} is as wanted`, () => {
    if (!seen) puts = puts.then(() => from.put(key, payload));
    return seen;
  });
  await puts;
  await subscriber.undeclare();
}

const OPTIMIZATION = 'transport/shared_memory/transport_optimization/enabled';

export const configurations: Case[] = [
  {
    name: 'large puts go by implicit shared memory when the configuration says so, and by default they do not',
    covers: ['+implicit-shm', '-implicit-shm'],
    run: async ({ sender, receiver }) => {
      const payload = new Uint8Array(10_000).fill(1);
      await configured(
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
    run: async () => {
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
        await configured(users('secret'), (listener, connector) =>
          putUntil(connector, listener, 'configured/user', Uint8Array.of(1), () => true),
        );
        const refused = configured(users('guess'), async () => {});
        await expect(refused).rejects.toMatchObject({ code: 'OPEN_FAILED' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  {
    name: 'after the loss of a link it is made again, and what was declared is declared again',
    covers: ['+reconnect', '-reconnect'],
    run: async () => {
      const port = await freePort();
      const config = connecting(port);
      config.insertJson5('connect/retry', '{ period_init_ms: 50, period_max_ms: 50, period_increase_factor: 1 }');
      let peer = await Session.open(listening(port));
      const session = await Session.open(config);
      try {
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
        await peer.close();
        // Nobody is there: a put is no error, and nobody gets it later.
        await session.put('configured/lost', 'lost');
        peer = await Session.open(listening(port));
        const lost: string[] = [];
        await peer.declareSubscriber('configured/lost', {
          handler: (sample) => lost.push(sample.payload().toString()),
        });
        await putUntilSeen('second');
        await session.put('configured/lost', 'kept');
        await until('what was put after that came', () => lost.length > 0);
        expect(lost).toEqual(['kept']);
      } finally {
        await session.close();
        await peer.close();
      }
    },
  },
];
