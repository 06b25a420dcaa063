// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { declareTablePublisher, encodeBatch, headOf, subscribeTable } from '@zenoh-segments/arrow';
import { Session } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';
import { mixed, withFolder } from './data.js';
import { readMcap } from './mcap.js';

/** A `record` of what `put` puts, until it has taken two samples; the session that puts is gone afterwards. */
async function recorded(path: string, put: (session: Session) => Promise<void>): Promise<Ended> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const args = ['record', '-k', 'test/**', '--json', '--count', '2', ...connect(port), path];
    return await Cli.with(args, async (cli) => {
      await cli.ready();
      await matched(session, 'test/a');
      await put(session);
      return cli.ended();
    });
  } finally {
    await session.close();
  }
}

const TABLES = [mixed(0, 50), mixed(50, 20)] as const;

async function putBare(session: Session): Promise<void> {
  const publisher = await declareTablePublisher(session, 'test/a', TABLES[0].schema, { mode: 'schema-ref' });
  for (const table of TABLES) await publisher.put(table);
}

/** Plays a file to a subscriber of tables on `key`, which has never met the publisher, until `count` batches were opened. */
async function opened(key: string, count: number, args: readonly string[]) {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const subscriber = await subscribeTable(session, key);
    const batches: RecordBatch[] = [];
    const reading = (async () => {
      for await (const sample of subscriber) batches.push(...sample.batches);
    })();
    const replay = ['replay', '--json', '--speed', '0', '--wait-matching', ...connect(port), ...args];
    const ended = await Cli.run(replay);
    await until('all batches are opened', () => batches.length >= count);
    await subscriber.undeclare();
    await reading;
    return { ...ended, batches };
  } finally {
    await session.close();
  }
}

const values = (batch: Pick<RecordBatch, 'toArray'> | undefined) => batch?.toArray().map(String);
const expected = TABLES.map((table) => values(table.batches[0]));

describe('what bare batches need', () => {
  test('is recorded, and given when they are replayed, on other keys too, though the publisher is gone', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      const { code, summary } = await recorded(path, putBare);
      expect([code, summary]).toEqual([
        0,
        expect.objectContaining({ samples: 2, arrow: 2, heads: 2, headsMissing: 0, messages: 6 }),
      ]);
      const messages = await readMcap(path);
      const topics = messages.map(({ channel }) => channel.topic);
      expect(topics.filter((topic) => topic === 'test/a#head')).toHaveLength(2);

      const same = await opened('test/a', 2, [path]);
      expect([same.code, same.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
      expect(same.batches.map(values)).toEqual(expected);
      expect(same.summary).toMatchObject({ samples: 2, skipped: 0 });

      const args = ['--rename', 'test=x', '--key-prefix', 'again', '--start', '0.000000001', path];
      const moved = await opened('again/x/a', 1, args);
      expect([moved.code, moved.batches.map(values)]).toEqual([0, expected.slice(1)]);

      // As a recording that was killed: without its index.
      const cut = `${folder}/cut.mcap`;
      writeFileSync(cut, readFileSync(path).subarray(0, -20));
      const killed = await opened('test/a', 2, [cut]);
      expect([killed.code, killed.batches.map(values)]).toEqual([1, expected]);
    }));

  test('is told and counted when nobody gives it', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      const [batch] = TABLES[0].batches as [RecordBatch];
      const { fingerprint } = headOf(batch);
      const { code, stderr, summary } = await recorded(path, async (session) => {
        const options = { encoding: 'application/x-arrow-batch', attachment: fingerprint };
        for (let i = 0; i < 2; i++) await session.put('test/a', encodeBatch(batch, { form: 'bare' }), options);
      });
      expect([code, summary]).toEqual([
        0,
        expect.objectContaining({ arrow: 2, heads: 0, headsMissing: 1, messages: 4 }),
      ]);
      expect(stderr.match(/"code":"ARROW_NO_HEAD"/g)).toHaveLength(1);
      expect(stderr).toContain(
        `what 'test/a' has can't be opened when it is replayed: nobody gave the head ${fingerprint}`,
      );
    }));
});
