// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { structCodec, topic } from '@zenoh-segments/capnp';
import {
  type CancellationToken,
  Encoding,
  type GetOptions,
  KeyExpr,
  Priority,
  Reply,
  ReplyError,
  Sample,
  SampleKind,
  type Selector,
  type Session,
  ZBytes,
} from '@zenoh-segments/core';
import { OldTelemetry, Telemetry } from '../../golden/capnp/telemetry.js';

const codec = structCodec(Telemetry);
const robots = topic(codec, { key: 'robots/{robot}/telemetry', priority: Priority.DATA_HIGH, express: true });

/** A session that only answers gets, with these replies, and remembers what it was asked. */
function answering(replies: readonly Reply[]) {
  const asked: { selector: string; options: GetOptions }[] = [];
  const session = {
    async get(selector: Selector, options: GetOptions) {
      asked.push({ selector: selector.toString(), options });
      return (async function* () {
        yield* replies;
      })();
    },
  } as unknown as Session;
  return { session, asked };
}

function reply(sequence: bigint): Reply {
  const payload = codec.encode((root) => {
    root.sequence = sequence;
  });
  const encoding = Encoding.fromString(codec.encoding);
  const [key, kind] = [new KeyExpr('robots/r1/telemetry'), SampleKind.PUT];
  return new Reply(new Sample(key, payload, kind, encoding, undefined, undefined, Priority.DATA, 0, false));
}

const failed = new Reply(new ReplyError(new ZBytes('x'.repeat(5000)), Encoding.TEXT_PLAIN));

test('nothing is asked before the loop begins, each loop asks anew, and leaving it cancels', async () => {
  const { session, asked } = answering([reply(1n), reply(2n)]);
  const got = robots.get(session, { robot: 'r1' }, { parameters: 'n=7', timeout: 5 });
  expect(asked).toEqual([]);
  for (const _ of [1, 2]) {
    for await (const { message } of got) {
      expect(message.sequence).toBe(1n);
      expect((asked.at(-1)!.options.cancellationToken as CancellationToken).isCancelled()).toBe(false);
      break;
    }
  }
  expect(asked).toHaveLength(2);
  for (const { selector, options } of asked) {
    expect(selector).toBe('robots/r1/telemetry?n=7');
    expect(options).toMatchObject({ priority: Priority.DATA_HIGH, express: true, timeout: 5 });
    expect(options.cancellationToken?.isCancelled()).toBe(true);
  }
});

test('what the get says goes before what the topic says', async () => {
  const { session, asked } = answering([]);
  const request = { codec: structCodec(OldTelemetry), build: () => {}, packed: true };
  for await (const _ of robots.get(session, {}, { priority: Priority.BACKGROUND, express: undefined, request })) break;
  expect(asked[0]?.options).toMatchObject({
    priority: Priority.BACKGROUND,
    express: true,
    encoding: 'application/x-capnp-packed;0xd0fd369b08d132ec',
  });
});

test('an error reply ends the loop, unless somebody takes it, and its text is short', async () => {
  const { session, asked } = answering([reply(1n), failed, reply(3n)]);
  const message = expect.stringMatching(/^the queryable answered with an error: `x{500}\.\.\.` \(5000 bytes\)$/);
  const expected = { name: 'CapnpPayloadError', code: 'CAPNP_REPLY', message, cause: failed.result() };
  const seen: bigint[] = [];
  const all = async (options = {}) => {
    for await (const { message } of robots.get(session, {}, options)) seen.push(message.sequence);
  };
  await expect(all()).rejects.toMatchObject(expected);
  expect(asked[0]?.options.cancellationToken?.isCancelled()).toBe(true);
  const reported: unknown[] = [];
  await all({ onInvalid: (error: unknown, source: Reply) => reported.push(error, source) });
  expect(reported).toEqual([expect.objectContaining(expected), failed]);
  expect(seen).toEqual([1n, 1n, 3n]);
});
