// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Those who answer for heads, and do it wrong.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  ARROW_BATCH_MEDIA_TYPE,
  type ArrowPayloadError,
  encodeBatch,
  headOf,
  loadCompression,
  type SubscribeTableOptions,
  subscribeTable,
  type TableSample,
} from '@zenoh-segments/arrow';
import { type Query, type Session, ZBytes } from '@zenoh-segments/core';
import type { RecordBatch, TypeMap } from 'apache-arrow';
import { native } from '../../conformance/native.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { first } from '../../support/first.js';
import { matched } from '../../support/matched.js';
import { patience, until } from '../../support/until.js';
import { joined } from './fixtures.js';
import {
  answering,
  colours,
  column,
  headPayload,
  KEY,
  publisherTo,
  putBare,
  RELIABLY,
  reply,
  rowsFrom,
  schema,
} from './topics.js';

const BATCH = colours(0, 'red');
const { fingerprint: FINGERPRINT } = headOf(BATCH);
/** Of an honest answer nothing depends on how soon it comes. */
const PATIENT = { timeout: patience.limit };
/** The marker of the end of a stream. */
const END = 0xffffffffn;
const OTHER = 'tables/b';

interface Told {
  /** The first number of each batch that came, and the code of each error, in their order. */
  readonly seen: (unknown | string)[];
  readonly messages: string[];
}

/** Reads a subscriber to the end, beside the test. */
async function reading(session: Session, key: string, options: SubscribeTableOptions<TypeMap>): Promise<Told> {
  const told: Told = { seen: [], messages: [] };
  const onError = ({ code, message }: ArrowPayloadError) => {
    told.seen.push(code);
    told.messages.push(message);
  };
  const subscriber = await subscribeTable(session, key, { onError, ...options });
  void (async () => {
    for await (const batch of subscriber.batches()) told.seen.push(column([batch])[0]);
  })();
  return told;
}

const over = (name: string, run: (sender: Session, receiver: Session) => Promise<void>) =>
  test(name, () => withConnectedPair(native, ({ sender, receiver }) => run(sender, receiver)));

const came = (told: Told, count: number) => until(`${count} came`, () => told.seen.length >= count);

over('who never answers costs the timeout of his samples, and others nothing', async (sender, receiver) => {
  const kept: Query[] = [];
  const asked = await answering(sender, KEY, (query) => void kept.push(query));
  const told = await reading(receiver, 'tables/*', { heads: { timeout: 3000 } });
  const other = await publisherTo(sender, OTHER, schema);
  for (let i = 0; i < 3; i++) await putBare(sender, KEY, BATCH);
  await other.put(rowsFrom(7));
  await came(told, 4);
  expect(told.seen).toEqual([7, 'ARROW_NO_HEAD', 'ARROW_NO_HEAD', 'ARROW_NO_HEAD']);
  expect(asked).toEqual([FINGERPRINT]);
  expect(told.messages[0]).toMatch(new RegExp(`^nobody gave the head ${FINGERPRINT} \\(\`tables/a\`, \\d+ ms\\): `));
});

over('who lies is refused, and does not hide who does not', async (sender, receiver) => {
  const lies = [
    headPayload(colours(0, 'green')),
    'garbage!',
    '',
    new ZBytes(new Uint8Array(2_000_000)),
    encodeBatch(BATCH),
  ];
  let honest = false;
  await answering(sender, KEY, (query) => reply(query, ...lies.slice(0, 2)));
  await answering(sender, KEY, (query) => reply(query, ...lies.slice(2, 4)));
  await answering(receiver, KEY, (query) => reply(query, ...lies.slice(4), ...(honest ? [headPayload(BATCH)] : [])));
  const told = await reading(receiver, KEY, { heads: { timeout: 3000, maxHeadBytes: 1_000_000 } });
  await matched(sender, KEY);
  await putBare(sender, KEY, BATCH);
  await came(told, 1);
  expect(told.seen).toEqual(['ARROW_NO_HEAD']);
  expect(told.messages[0]).toMatch(/; \d+ answers were refused\): refused: /);
  honest = true;
  // The next samples ask again, after a while.
  while (told.seen.at(-1) !== 0) {
    const before = told.seen.length;
    await putBare(sender, KEY, BATCH);
    await came(told, before + 1);
  }
});

over('a lie is not decompressed', async (sender, receiver) => {
  await loadCompression();
  const lie = encodeBatch(colours(0, 'green'.repeat(1000)), { compression: 'lz4' });
  await answering(sender, KEY, (query) => reply(query, lie));
  await answering(receiver, KEY, (query) => reply(query, headPayload(BATCH)));
  const told = await reading(receiver, KEY, { heads: { timeout: 1000 } });
  await matched(sender, KEY);
  await putBare(sender, KEY, BATCH, 'f'.repeat(32));
  await came(told, 1);
  expect(told.messages[0]).toMatch(/refused: the answer is the head [0-9a-f]{32}$/);
  expect(receiver.ledger.copiedFor('decompress')).toBe(0);
});

over('heads that are kept are bounded in what they take when they are decompressed', async (sender, receiver) => {
  await loadCompression();
  const batches = ['a', 'b'].map((letter, n) => colours(n, letter.repeat(2 ** 20)));
  const heads = batches.map((batch) => {
    const stream = joined(encodeBatch(batch, { compression: 'lz4' }));
    const end = stream.length - encodeBatch(batch, { form: 'bare', compression: 'lz4' }).length;
    // With or without the marker of the end.
    const isMarked = new DataView(stream.buffer, stream.byteOffset + stream.length - 8).getBigInt64(0, true) === END;
    return stream.slice(0, isMarked ? end - 8 : end);
  });
  const names = heads.map((head) => createHash('sha256').update(head).digest('hex').slice(0, 32));
  expect(heads[0]?.length).toBeLessThan(20_000);
  const asked = await answering(sender, KEY, (query, count) => reply(query, heads[(count - 1) % 2] as Uint8Array));
  const told = await reading(receiver, KEY, { heads: { ...PATIENT, maxBytes: 2 ** 20 } });
  await matched(sender, KEY);
  for (const n of [0, 1, 0, 1]) {
    const before = told.seen.length;
    await putBare(sender, KEY, batches[n] as RecordBatch, names[n]);
    await came(told, before + 1);
  }
  expect(told.seen).toEqual([0, 1, 0, 1]);
  expect(asked).toEqual([0, 1, 0, 1].map((n) => names[n]));
});

over('who answers again and again is looked at twice', async (sender, receiver) => {
  let answered = 0;
  await answering(sender, KEY, async (query) => {
    await using _ = query;
    for (; answered < 300; answered++) await query.reply(query.keyExpr(), 'garbage!');
  });
  await answering(receiver, KEY, async (query) => {
    await until('the flood is there', () => answered === 300);
    await reply(query, headPayload(BATCH));
  });
  const told = await reading(receiver, KEY, { heads: PATIENT });
  await matched(sender, KEY);
  await putBare(sender, KEY, BATCH);
  await came(told, 1);
  expect(told.seen).toEqual([0]);
});

over('an answer that is an error is told', async (sender, receiver) => {
  await answering(sender, KEY, async (query) => {
    await query.replyErr('not here');
    await query.finalize();
  });
  const told = await reading(receiver, KEY, { heads: { timeout: 3000 } });
  await matched(sender, KEY);
  await putBare(sender, KEY, BATCH);
  await came(told, 1);
  expect(told.seen).toEqual(['ARROW_NO_HEAD']);
  expect(told.messages[0]).toMatch(/: the answer was an error: `not here`$/);
});

over('after a failure nobody is asked for a while, then again', async (sender, receiver) => {
  const told = await reading(receiver, KEY, { heads: { timeout: 500 } });
  await matched(sender, KEY);
  await putBare(sender, KEY, BATCH);
  await came(told, 1);
  const asked = await answering(sender, KEY, (query) => reply(query, headPayload(BATCH)));
  let puts = 1;
  for (; told.seen.at(-1) !== 0; puts++) {
    await putBare(sender, KEY, BATCH);
    await came(told, puts + 1);
  }
  expect(told.seen.slice(0, -1).every((code) => code === 'ARROW_NO_HEAD')).toBe(true);
  expect(asked).toEqual([FINGERPRINT]);
});

describe('while a head is fetched', () => {
  /** A responder that answers when the test lets it. */
  async function held(session: Session): Promise<{ readonly asked: string[]; release(): void }> {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = await answering(session, KEY, async (query) => {
      await released;
      await reply(query, headPayload(BATCH));
    });
    return { asked, release: () => release() };
  }

  over('what comes on its key waits in order, whatever form it has', async (sender, receiver) => {
    const { asked, release } = await held(sender);
    const told = await reading(receiver, 'tables/*', { heads: { ...PATIENT, holdBack: Number.POSITIVE_INFINITY } });
    const [plain, other] = [await publisherTo(sender, KEY, schema), await publisherTo(sender, OTHER, schema)];
    await putBare(sender, KEY, BATCH);
    await plain.put(rowsFrom(1));
    await sender.put(KEY, '{}', { ...RELIABLY, encoding: 'application/json' });
    await putBare(sender, KEY, colours(2, 'red'), FINGERPRINT);
    await plain.put(rowsFrom(3));
    await other.put(rowsFrom(4));
    await until('the other key passed', () => told.seen.includes(4));
    release();
    await came(told, 6);
    expect(told.seen.filter((each) => each !== 'ARROW_ENCODING')).toEqual([4, 0, 1, 2, 3]);
    expect(asked).toEqual([FINGERPRINT]);
  });

  over('no more waits than is allowed, and what is given up is told', async (sender, receiver) => {
    const { release } = await held(sender);
    const told = await reading(receiver, KEY, { heads: { ...PATIENT, maxWaiting: 3 } });
    await matched(sender, KEY);
    for (let n = 0; n < 5; n++) await putBare(sender, KEY, colours(n, 'red'), FINGERPRINT);
    await until('two were given up', () => told.messages.length > 0 && lost(told) === 2);
    release();
    await came(told, told.messages.length + 3);
    expect(told.seen.filter((each) => each !== 'ARROW_OVERFLOW')).toEqual([0, 1, 2]);
    expect(told.messages[0]).toMatch(
      /^\d samples were given up, the first of `tables\/a`: more than 3 samples or 67108864 bytes waited for heads$/,
    );
    // Room again.
    await putBare(sender, KEY, colours(9, 'red'), FINGERPRINT);
    await until('the next came', () => told.seen.at(-1) === 9);
  });

  over('their bytes are bounded too', async (sender, receiver) => {
    const { release } = await held(sender);
    const told = await reading(receiver, KEY, { heads: { ...PATIENT, maxWaitingBytes: 1 } });
    await matched(sender, KEY);
    for (let n = 0; n < 3; n++) await putBare(sender, KEY, colours(n, 'red'), FINGERPRINT);
    await until('two were given up', () => lost(told) === 2);
    release();
    await until('the first came', () => told.seen.includes(0));
  });

  over('a reader that does not read loses what finds no room, in one error', async (sender, receiver) => {
    const { asked, release } = await held(sender);
    const subscriber = await subscribeTable(receiver, KEY, { heads: { ...PATIENT, maxWaiting: 2 } });
    await matched(sender, KEY);
    const items = subscriber[Symbol.asyncIterator]();
    const earliest = items.next();
    for (let n = 0; n < 6; n++) await putBare(sender, KEY, colours(n, 'red'), FINGERPRINT);
    await until('all were taken', () => asked.length === 1 && subscriber.subscriber.stats().delivered === 6);
    release();
    const seen = [seeing((await earliest).value as TableSample<TypeMap>)];
    while (seen.at(-1) !== 1) seen.push(seeing((await items.next()).value as TableSample<TypeMap>));
    await subscriber.undeclare();
    // The first was told to the one who waited, all others together.
    expect(seen).toEqual([expect.stringMatching(/^1 samples/), expect.stringMatching(/^3 samples/), 0, 1]);
  });

  over('undeclaring ends it at once', async (sender, receiver) => {
    const { asked } = await held(sender);
    const subscriber = await subscribeTable(receiver, KEY, { heads: PATIENT });
    const rows = first(subscriber.rows(), 1, () => 0);
    await matched(sender, KEY);
    await putBare(sender, KEY, BATCH);
    await until('the head is asked for', () => asked.length === 1);
    await subscriber.undeclare();
    expect(await rows).toEqual([]);
  });
});

over(
  'heads that nobody has, on many keys, are asked for together, and no more of them than is allowed',
  async (sender, receiver) => {
    const told = await reading(receiver, 'many/*', { heads: { timeout: 3000 } });
    const plain = await publisherTo(sender, 'many/plain', schema);
    for (let n = 0; n < 100; n++) {
      await putBare(sender, `many/${n}`, BATCH, n.toString(16).padStart(32, '0'));
    }
    await plain.put(rowsFrom(0));
    await came(told, 101);
    expect(told.seen.filter((each) => each === 'ARROW_NO_HEAD').length).toBeGreaterThanOrEqual(64);
    expect(told.seen.filter((each) => each === 0)).toEqual([0]);
    // 36 had to wait for their turn, so that others gave way.
    expect(told.messages).toContainEqual(expect.stringMatching(/ ms, given up, as others waited\): nobody answered$/));
  },
);

over(
  'fingerprints that are none are refused, and a batch of another head is no wrong value',
  async (sender, receiver) => {
    await answering(sender, KEY, (query) => reply(query, headPayload(BATCH)));
    const told = await reading(receiver, KEY, { heads: PATIENT });
    await matched(sender, KEY);
    const bare = { ...RELIABLY, encoding: ARROW_BATCH_MEDIA_TYPE };
    for (const attachment of [undefined, '', 'ab', FINGERPRINT.toUpperCase(), '*'.repeat(32), `${'a/'.repeat(16)}`]) {
      await sender.put(KEY, encodeBatch(BATCH, { form: 'bare' }), { ...bare, attachment });
    }
    // Of more columns than the head has, a stream, and nothing.
    await sender.put(KEY, encodeBatch(rowsFrom(0), { form: 'bare' }), { ...bare, attachment: FINGERPRINT });
    await sender.put(KEY, encodeBatch(BATCH), { ...bare, attachment: FINGERPRINT });
    await sender.put(KEY, '', { ...bare, attachment: FINGERPRINT });
    await putBare(sender, KEY, BATCH);
    await came(told, 10);
    expect(told.seen).toEqual([...Array.from({ length: 9 }, () => 'ARROW_INVALID'), 0]);
    expect(new Set(told.messages.slice(0, 6))).toEqual(
      new Set(['a bare batch whose attachment does not start with the fingerprint of its head']),
    );
  },
);

function lost({ messages }: Told): number {
  return messages.reduce((sum, message) => sum + Number(/^(\d+) samples/.exec(message)?.[1] ?? 0), 0);
}

function seeing(item: TableSample<TypeMap>): unknown {
  try {
    return column(item.batches)[0];
  } catch (error) {
    return (error as ArrowPayloadError).message;
  }
}
