// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What anybody who reaches the port can send.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  ASK,
  bytes,
  count,
  everyMessage,
  message,
  put,
  TOLD,
  text,
  u8,
  u32,
} from '../../../support/remote-api/messages.js';
import { RawClient } from '../../../support/remote-api/raw-client.js';
import { serving } from '../../../support/serving.js';
import { until } from '../../../support/until.js';

const privateMiB = () => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

test('each message, whole, is answered; cut off at any byte, or with one too many, it is refused', async () => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    const messages = everyMessage();
    expect(messages).toHaveLength(37);
    let broken = 0;
    for (const { name, id, body } of messages) {
      const wrong = [...Array(body.length).keys()].map((length) => body.subarray(0, length));
      wrong.push(Buffer.concat([body, u8(0)]));
      for (const one of wrong) {
        const answer = await client.ask(id, one);
        expect([name, one.length, answer.id, answer.body.subarray(1).toString()]).toEqual([
          name,
          one.length,
          TOLD.error,
          expect.stringMatching(new RegExp(`malformed message ${id}: `)),
        ]);
        broken++;
      }
      const whole = await client.ask(id, body);
      if (whole.id === TOLD.error) expect(whole.body.toString()).toMatch(/there is no .* (9\d\d|77)$/);
    }
    expect(broken).toBeGreaterThan(700);
    expect(server.stats()).toMatchObject({ clients: 1, malformed: broken, failed: 0 });
    await client.ping();
  });
}, 120_000);

test('a message that is none, and wants no answer, ends the connection with a reason', async () => {
  await serving({}, async (server) => {
    const cases = [
      [Buffer.alloc(0), 'malformed message: it ends early: 1 bytes wanted at 0, 0 are left'],
      [u8(0x80), 'malformed message: it ends early: 4 bytes wanted at 1, 0 are left'],
      [u8(99), 'malformed message: there is no message 99'],
      [Buffer.concat([u8(ASK.put), bytes(Buffer.from([0xff]))]), 'malformed message: the text at 1 is not UTF-8'],
      [Buffer.concat([u8(4), u32(1), text('k'), u8(7)]), 'malformed message: 7 at 7 is no boolean'],
      [Buffer.concat([u8(ASK.put), Buffer.alloc(12, 0xff)]), 'malformed message: the length at 1 is no number'],
    ] as const;
    for (const [frame, reason] of cases) {
      const client = await RawClient.connect(server.url);
      client.send(frame);
      expect(await client.ended()).toEqual({ code: 1007, reason });
    }
    const talker = await RawClient.connect(server.url);
    talker.socket.send('text');
    expect(await talker.ended()).toEqual({ code: 1003, reason: 'a text message: the protocol is binary' });
    await until('nobody is left', () => server.stats().clients === 0);
  });
});

test('lengths of up to 2^63 reserve nothing', async () => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    const before = privateMiB();
    for (const length of [2n ** 31n, 2n ** 32n, 2n ** 60n, 2n ** 63n, 2n ** 64n - 1n]) {
      for (const lie of [
        [count(length)],
        [text('k'), count(length)],
        [text('k'), text('p'), u8(0), u8(0), count(length)],
      ]) {
        const { id, body } = await client.ask(ASK.put, ...lie);
        expect([id, body.toString()]).toEqual([
          TOLD.error,
          expect.stringContaining(`ends early: ${length} bytes wanted`),
        ]);
      }
    }
    expect(privateMiB() - before).toBeLessThan(64);
  });
});

test('random messages are refused or done, and the server serves on', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.info(`seed ${seed}`);
  let state = seed + 1;
  const random = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    for (let round = 0; round < 100; round++) {
      const asked = Array.from({ length: 50 }, () => {
        const body = Buffer.from(Array.from({ length: random(64) }, () => random(random(2) === 0 ? 4 : 256)));
        return client.ask(random(40), body);
      });
      await Promise.all(asked);
    }
    await client.ping();
    expect(client.closed).toBeUndefined();
    expect(server.stats().malformed).toBeGreaterThan(1_000);
  });
});

test('a message above the limit ends the connection with 1009, in one frame or in many', async () => {
  await serving({ maxMessage: 1_000_000 }, async (server, session) => {
    let samples = 0;
    await session.declareSubscriber('serve/limit', { handler: () => samples++ });
    const sized = (size: number) => {
      const rest = message(ASK.put, undefined, ...put('serve/limit', Buffer.alloc(0))).length + 2;
      return message(ASK.put, undefined, ...put('serve/limit', Buffer.alloc(size - rest)));
    };
    const client = await RawClient.connect(server.url);
    expect(await client.ping()).toContain(' max-message=1000000 max-frame=1000000');
    expect(sized(1_000_000)).toHaveLength(1_000_000);
    client.send(sized(1_000_000));
    await client.ping();
    await until('the largest arrived', () => samples === 1);
    client.send(sized(1_000_001));
    const reason = 'a message of 1000001 bytes: this server takes 1000000 (maxMessage)';
    expect(await client.ended()).toEqual({ code: 1009, reason });
    const other = await RawClient.connect(server.url);
    const large = sized(3_000_000);
    for (let at = 0; at < large.length; at += 500_000)
      other.socket.send(large.subarray(at, at + 500_000), { fin: at + 500_000 >= large.length });
    expect((await other.ended()).code).toBe(1009);
    expect(samples).toBe(1);
  });
});

test.each([
  ['a frame without a mask', Buffer.from([0x82, 1, 0]), 1002],
  ['reserved bits', Buffer.from([0xf2, 0x80, 0, 0, 0, 0]), 1002],
  ['an unknown opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
  ['a continuation of nothing', Buffer.from([0x80, 0x80, 0, 0, 0, 0]), 1002],
  ['a frame of 2^60 bytes', Buffer.from([0x82, 0xff, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ['a frame of 2^63 bytes', Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
])('%s ends the connection with a code', async (_, raw, code) => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    client.write(raw);
    expect((await client.ended()).code).toBe(code);
    await (await RawClient.connect(server.url)).ping();
  });
});

test('ids are used once; what is not there can not be used; declarations end at 65,536', async () => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    await client.subscribe(1, 'serve/ids');
    await expect(client.subscribe(1, 'serve/ids')).rejects.toThrow('there is a subscriber 1 already');
    const refused = async (id: number, ...parts: Uint8Array[]) =>
      (await client.ask(id, ...parts)).body.subarray(1).toString();
    expect(await refused(ASK.undeclarePublisher, u32(5))).toBe('there is no publisher 5');
    expect(await refused(ASK.declareToken, u32(5), text('a//b'))).toContain('Invalid Key Expr');
    expect(await refused(ASK.put, ...put('serve/ids', Buffer.alloc(1), 0))).toBe('0 is no priority');
    const long = [u32(9), text('serve/x'), Buffer.from([0, 0]), text('s'.repeat(256)), u8(5 | 8 | 32 | 128)];
    expect(await refused(ASK.declarePublisher, ...long)).toContain('256 bytes, 255 are allowed');
    // Without a sequence id, nobody is told: it is counted.
    client.send(message(ASK.publisherPut, undefined, u32(5), text('x'), u8(0), u8(0), u8(0)));
    await client.ping();
    expect(server.stats()).toMatchObject({ failed: 1, malformed: 0 });
    const key = text('serve/ids/many');
    for (let id = 0; id < 65_535; id++) client.send(message(ASK.declareToken, undefined, u32(id), key));
    await client.ping();
    expect(server.stats().failed).toBe(1);
    expect(await refused(ASK.declareToken, u32(70_000), key)).toBe(
      'the clients of this server may declare 65536 entities, no more',
    );
  });
}, 120_000);

test('a get that zenoh refuses ends for the client all the same', async () => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    const nothing = [u8(0), u8(0), u8(0)];
    client.send(
      message(ASK.get, undefined, u32(31), text('a//b'), text(''), ...nothing, u8(5 | 128), u8(0), u32(1000)),
    );
    await until('its end is told', () => client.told.length === 1);
    expect(client.told[0]).toEqual(Buffer.concat([u8(TOLD.responseFinal), u32(31)]));
  });
});

const chunks = (count: number, chunk = 'a') => Array(count).fill(chunk).join('/');

test.each([
  [chunks(65), 'a key with 65 chunks: a client may use 64'],
  [chunks(32_000), 'a key with 32000 chunks: a client may use 64'],
  [chunks(5, '**/a'), 'a key with 5 `**` and `$*`: a client may use 4'],
  [chunks(5, 'a$*'), 'a key with 5 `**` and `$*`: a client may use 4'],
])('a key that would cost zenoh too much is refused', async (key, why) => {
  await serving({}, async (server) => {
    const client = await RawClient.connect(server.url);
    const refused = async (id: number, ...parts: Uint8Array[]) =>
      (await client.ask(id, ...parts)).body.subarray(1).toString();
    for (const kind of [ASK.declareSubscriber, ASK.declareToken]) {
      expect(await refused(kind, u32(1), text(key), ...(kind === ASK.declareToken ? [] : [u8(2)]))).toBe(why);
    }
    expect(await refused(ASK.put, ...put(key, Buffer.alloc(1)))).toBe(why);
    await client.ping();
  });
});

test('the most that a key may be made of holds nobody up', async () => {
  await serving({}, async (server, session) => {
    const [greedy, other] = [await RawClient.connect(server.url), await RawClient.connect(server.url)];
    await greedy.subscribe(1, `${chunks(4, '**/a')}/b`);
    for (let i = 0; i < 4; i++) other.send(message(ASK.put, undefined, ...put(`${chunks(63)}/c`, Buffer.alloc(1))));
    await other.ping();
    await session.put('serve/here', 'x');
    expect(server.stats()).toMatchObject({ clients: 2, failed: 0 });
  });
}, 15_000);

test('a session refuses a key that would overflow the stack of zenoh', async () => {
  await serving({}, async (_, session) => {
    const refused = {
      code: 'KEY_EXPR_INVALID',
      message: expect.stringContaining('1001 chunks are too many, 1000 are'),
    };
    await expect(session.declareSubscriber(chunks(1001))).rejects.toMatchObject(refused);
    await expect(session.put(chunks(1001), 'x')).rejects.toMatchObject(refused);
    await (await session.declareSubscriber(chunks(1000))).undeclare();
  });
});
