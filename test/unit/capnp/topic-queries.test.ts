// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { type CapnpPayloadError, structCodec } from '@zenoh-segments/capnp';
import { ConsolidationMode, QueryTarget, ReplyError } from '@zenoh-segments/core';
import type { Pair } from '../../conformance/case.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { OldTelemetry } from '../../golden/capnp/telemetry.js';
import { fullMessage } from './sample.js';
import { BACKENDS, codec, named, numbered, robots } from './topics.js';

const old = structCodec(OldTelemetry);

describe.each(BACKENDS)('%s: queries', (_, backend) => {
  /** A test with two connected sessions. */
  const over = (name: string, run: (pair: Pair) => Promise<void>) => test(name, () => withConnectedPair(backend, run));

  over('are answered with messages, of each queryable on its key', async ({ sender, receiver }) => {
    for (const robot of ['r1', 'r2']) {
      await robots.declareQueryable(
        receiver,
        { robot },
        {
          handler: (query) => query.reply(named(`${robot} for ${query.params.robot}`)),
        },
      );
      await answers(robots.get(sender, { robot }));
    }
    const replies = await answers(robots.get(sender, {}, { target: QueryTarget.ALL }), 2);
    expect(replies.map(({ message, params }) => [params.robot, message.name]).sort()).toEqual([
      ['r1', 'r1 for *'],
      ['r2', 'r2 for *'],
    ]);
    const [reply] = await answers(robots.get(sender, { robot: 'r2' }));
    expect([reply?.message.name, reply?.sample.encoding().toString(), reply?.reply.result()]).toEqual([
      'r2 for r2',
      codec.encoding,
      reply?.sample,
    ]);
  });

  over('carry a typed request, and parameters', async ({ sender, receiver }) => {
    await robots.declareQueryable(
      receiver,
      { robot: 'r1' },
      {
        request: old,
        packed: true,
        handler: async (query) => {
          const n = query.query.parameters().get('n');
          await query.reply((root) => {
            root.sequence = query.message.sequence + 1n;
            root.name = `n is ${n}`;
          });
        },
      },
    );
    const request = { codec: old, build: numbered(41n) };
    const [reply] = await answers(robots.get(sender, {}, { request, parameters: 'n=7' }));
    expect([reply?.message.sequence, reply?.message.name, reply?.sample.encoding().toString()]).toEqual([
      42n,
      'n is 7',
      codec.packedEncoding,
    ]);
    const [second] = await answers(robots.get(sender, {}, { request: { ...request, packed: true } }));
    expect(second?.message.sequence).toBe(42n);
  });

  over('whose request is not of the type are answered with the error, and no handler is called', async (pair) => {
    const { sender, receiver } = pair;
    const invalid: string[] = [];
    let called = 0;
    await robots.declareQueryable(
      receiver,
      { robot: 'r1' },
      {
        request: old,
        onInvalid: ({ code }, query) => invalid.push(`${code} ${query.keyExpr()}`),
        handler: async (query) => {
          called++;
          await query.reply(() => {});
        },
      },
    );
    await answers(robots.get(sender, {}, { request: { codec: old, build: () => {} } }));
    expect([called > 0, invalid]).toEqual([true, []]);
    called = 0;
    await expect(answers(robots.get(sender, {}, { request: { codec, build: () => {} } }))).rejects.toMatchObject({
      name: 'CapnpPayloadError',
      code: 'CAPNP_REPLY',
      message: expect.stringMatching(/^the queryable answered with an error: `CAPNP_TYPE: .*0xa3f0c65b1d2e4897/),
    });
    await expect(answers(robots.get(sender))).rejects.toMatchObject({
      code: 'CAPNP_REPLY',
      message: expect.stringContaining(
        'CAPNP_TYPE: a query without a payload; one of `application/x-capnp;0xd0fd369b08d132ec` is expected',
      ),
    });
    expect(called).toBe(0);
    expect(invalid).toEqual(Array(2).fill('CAPNP_TYPE robots/*/telemetry'));
  });

  over('get errors and bad replies told apart from good ones', async ({ sender, receiver }) => {
    await robots.declareQueryable(
      receiver,
      { robot: 'r1' },
      {
        handler: async (query) => {
          await query.replyErr('not today');
          await query.query.reply('robots/r1/telemetry', 'garbage!', { encoding: codec.encoding });
          await query.replyDel();
          await query.replyMessage(fullMessage());
        },
      },
    );
    const consolidation = ConsolidationMode.NONE;
    const errors: CapnpPayloadError[] = [];
    const deleted: string[] = [];
    const asked = () =>
      answers(
        robots.get(
          sender,
          {},
          {
            consolidation,
            onInvalid: (error) => errors.push(error),
            onDelete: ({ robot }) => deleted.push(robot),
          },
        ),
      );
    const replies = await asked();
    expect(replies.map(({ message }) => message.name)).toEqual(['Messgerät 7 – été']);
    expect(errors.map(({ code }) => code)).toEqual(['CAPNP_REPLY', 'CAPNP_LIMIT']);
    expect(errors[0]?.message).toBe('the queryable answered with an error: `not today`');
    expect((errors[0]!.cause as ReplyError).payload().toString()).toBe('not today');
    expect(deleted).toEqual(['r1']);
    await expect(answers(robots.get(sender, {}, { consolidation }))).rejects.toMatchObject({ code: 'CAPNP_REPLY' });
  });

  over('to many keys are answered on a key that is named', async ({ sender, receiver }) => {
    const refused: string[] = [];
    await robots.declareQueryable(
      receiver,
      {},
      {
        handler: async (query) => {
          if (query.params.robot !== '*') return query.reply(named('asked'));
          await query.reply(() => {}).catch(({ code, cause }) => refused.push(`${code} ${cause.field}`));
          return query.reply(named('named'), { params: { robot: 'r7' } });
        },
      },
    );
    const [reply] = await answers(robots.get(sender));
    expect([reply?.params.robot, reply?.message.name]).toEqual(['r7', 'named']);
    expect(refused[0]).toBe('CAPNP_KEY robot');
    const [asked] = await answers(robots.get(sender, { robot: 'r8' }));
    expect([asked?.params.robot, asked?.message.name]).toEqual(['r8', 'asked']);
  });

  over('on a key that leaves a parameter open are answered with an error that names it', async (pair) => {
    const { sender, receiver } = pair;
    const invalid: string[] = [];
    await robots.declareQueryable(
      receiver,
      {},
      {
        onInvalid: ({ code }, query) => invalid.push(`${code} ${query.keyExpr()}`),
        handler: (query) => query.reply(named('asked')),
      },
    );
    // Here already, when the strange keys come.
    await answers(robots.get(sender, { robot: 'r1' }));
    for (const key of ['robots/**', '**', 'robots/r$*/telemetry', 'robots/*/telemetry']) {
      const texts: string[] = [];
      for await (const reply of (await sender.get(key)) ?? []) {
        const result = reply.result();
        texts.push(result instanceof ReplyError ? result.payload().toString() : 'no error');
      }
      const why = 'leaves `robot` of `robots/{robot}/telemetry` open: the queryable has no key to reply on';
      expect(texts).toEqual([`CAPNP_KEY: \`${key}\` ${why}`]);
      expect(invalid.splice(0)).toEqual([`CAPNP_KEY ${key}`]);
    }
    const [still] = await answers(robots.get(sender, { robot: 'r2' }));
    expect(still?.params.robot).toBe('r2');
  });

  over('that time out end in a typed error', async ({ sender }) => {
    await robots.declareQueryable(sender, { robot: 'r1' }, { handler: () => new Promise(() => {}) });
    await expect(answers(robots.get(sender, {}, { timeout: 50 }))).rejects.toMatchObject({
      code: 'CAPNP_REPLY',
      message: 'the queryable answered with an error: `Timeout`',
    });
  });
});

/** At least `count` replies: a queryable's declaration takes a moment to get to the asker. */
async function answers<Item>(items: AsyncIterable<Item>, count = 1): Promise<Item[]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const replies: Item[] = [];
    for await (const item of items) replies.push(item);
    if (replies.length >= count) return replies;
    if (performance.now() > deadline) throw new Error(`${replies.length} of ${count} answers within 10 s`);
  }
}
