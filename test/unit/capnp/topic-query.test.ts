// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  CapnpPayloadError,
  MessageBuilder,
  structCodec,
  type TypedQueryableOptions,
  topic,
} from '@zenoh-segments/capnp';
import { CoreError, KeyExpr, type Query, type QueryableOptions, type Session } from '@zenoh-segments/core';
import { Telemetry } from '../../golden/capnp/telemetry.js';

const robots = topic(structCodec(Telemetry), { key: 'robots/{robot}/telemetry' });

type Handler = TypedQueryableOptions<Telemetry, { robot: string }, never>['handler'];

/** What becomes of one query whose handler fails so; `asker` tells whether the asker can still be reached. */
function failing(failure: unknown, asker: 'there' | 'gone' = 'there') {
  return answering(() => {
    throw failure;
  }, asker);
}

/** What becomes of one query with this handler. */
async function answering(answerer: Handler, asker: 'there' | 'gone' = 'there', key = 'robots/r1/telemetry') {
  const told: unknown[] = [];
  const query = {
    keyExpr: () => new KeyExpr(key),
    async replyErr(text: string) {
      if (asker === 'gone') throw new CoreError('NETWORK', 'nobody there');
      told.push(text);
    },
    async finalize() {
      told.push('finalized');
    },
  } as unknown as Query;
  let answer = async (_: Query): Promise<void> => {};
  const session = {
    async declareQueryable(_: KeyExpr, { handler }: QueryableOptions) {
      answer = handler as typeof answer;
    },
  } as unknown as Session;
  const options: TypedQueryableOptions<Telemetry, { robot: string }, never> = {
    handler: answerer,
    onInvalid: (error) => told.push(error),
  };
  await robots.declareQueryable(session, {}, options);
  const thrown = await answer(query).catch((error: unknown) => error);
  return { told, thrown };
}

test('a failure of the handler is its own: the asker gets no more than that there was one', async () => {
  const failure = new Error('the password is 1234');
  expect(await failing(failure)).toEqual({ told: ['the queryable failed', 'finalized'], thrown: failure });
});

test('a message that can not be read is the asker’s failure: he gets its text, and nothing is thrown', async () => {
  const failure = new CapnpPayloadError('CAPNP_INVALID', 'a pointer leaves its segment');
  const told = ['CAPNP_INVALID: a pointer leaves its segment', failure, 'finalized'];
  expect(await failing(failure)).toEqual({ told, thrown: undefined });
  expect(await failing(failure, 'gone')).toEqual({ told: told.slice(1), thrown: undefined });
});

describe('a query that leaves a parameter open', () => {
  const message = '`robots/**` leaves `robot` of `robots/{robot}/telemetry` open: the queryable has no key to reply on';
  const refused = expect.objectContaining({
    name: 'CapnpPayloadError',
    code: 'CAPNP_KEY',
    message,
    cause: expect.objectContaining({ name: 'KeFormatError', field: 'robot' }),
  });

  test.each<[string, Handler]>([
    ['reply', (query) => query.reply(() => {})],
    ['replyMessage', (query) => query.replyMessage(new MessageBuilder())],
    ['replyDel', (query) => query.replyDel()],
  ])('%s without it is the asker’s failure', async (_, handler) => {
    expect(await answering(handler, 'there', 'robots/**')).toEqual({
      told: [`CAPNP_KEY: ${message}`, refused, 'finalized'],
      thrown: undefined,
    });
  });

  test.each<[string, object, object]>([
    ['a value that is no chunk', { robot: 'a/b' }, { code: 'KEY_FORMAT_MISMATCH', field: 'robot' }],
    ['an unknown name', { robto: 'r1' }, { code: 'INVALID_ARGUMENT', field: 'robto' }],
  ])('%s in the params of the reply is the handler’s failure', async (_, params, failure) => {
    for (const key of ['robots/**', 'robots/r1/telemetry']) {
      expect(await answering((query) => query.reply(() => {}, { params }), 'there', key)).toEqual({
        told: ['the queryable failed', 'finalized'],
        thrown: expect.objectContaining({ name: 'KeFormatError', ...failure }),
      });
    }
  });
});
