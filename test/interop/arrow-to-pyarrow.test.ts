// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import {
  ARROW_STREAM_MEDIA_TYPE,
  layoutBatch,
  layoutTable,
  type PayloadLayout,
  writeBatch,
} from '@zenoh-segments/arrow';
import { CongestionControl, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { Field, Float64, makeData, RecordBatch, Schema, Struct, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { buildBatch } from '../support/arrow/build.js';
import type { Column } from '../support/arrow/column.js';
import { allColumns, ROWS, sliced } from '../support/arrow/columns.js';
import { peerTest } from '../support/peers.js';
import { runSeed, sha256 } from '../support/peers-bytes.js';
import { LINKS, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';
import { seededBytes } from '../support/seeded-bytes.js';

const PROGRAM = 'arrow_peer.py';
const KEY = 'interop/arrow/to/python';
const seed = runSeed();

/** What test/peers/arrow_peer.py tells of a stream. */
interface PythonStream {
  readonly encoding: string;
  readonly isShm: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly batches: readonly (readonly Column[])[];
}

const plain = allColumns(false);
const nulls = allColumns(true);

const VARIANTS: Readonly<Record<string, readonly [make: () => RecordBatch, expected: readonly Column[]]>> = {
  plain: [() => buildBatch(plain), plain],
  nulls: [() => buildBatch(nulls), nulls],
  'sliced at a bit': [() => buildBatch(plain).slice(3, 70), sliced(plain, 3, 70)],
  'nulls, sliced at a byte, then at a bit': [() => buildBatch(nulls).slice(8).slice(5, 60), sliced(nulls, 13, 68)],
  'one row': [() => buildBatch(nulls).slice(ROWS - 1), sliced(nulls, ROWS - 1, ROWS)],
  'no rows': [() => buildBatch(nulls).slice(5, 5), sliced(nulls, 5, 5)],
  'never any rows': [() => buildBatch(sliced(nulls, 0, 0)), sliced(nulls, 0, 0)],
};

describe.each(LINKS)('pyarrow opens what we publish, %s', (link) => {
  for (const [variant, [make, expected]] of Object.entries(VARIANTS)) {
    peerTest('python', `every type, ${variant}: valid and equal`, () =>
      withZenohPeer(PROGRAM, { link }, async (peer) => {
        await peer.subscribe(KEY);
        await publish(peer, layoutBatch(make()));
        expect(await peer.python.call('next_stream')).toEqual({
          encoding: ARROW_STREAM_MEDIA_TYPE,
          isShm: link === 'shm',
          metadata: {},
          batches: [expected],
        });
      }),
    );
  }

  peerTest('python', 'a table of several batches, whose dictionaries differ', () =>
    withZenohPeer(PROGRAM, { link }, async (peer) => {
      await peer.subscribe(KEY);
      const expected = [sliced(plain, 0, 2), sliced(nulls, 2, 40), sliced(plain, 40, 41), sliced(nulls, 41, ROWS)];
      await publish(peer, layoutTable(new Table(expected.map(buildBatch))));
      const { batches } = await peer.python.call<PythonStream>('next_stream');
      expect(batches).toEqual(expected);
    }),
  );

  peerTest('python', '5 MB of doubles, and a schema with metadata', () =>
    withZenohPeer(PROGRAM, { link }, async (peer) => {
      await peer.subscribe(KEY);
      const rows = 625_001;
      // Any bits are a double; NaNs keep theirs as nothing here looks at them.
      const values = seededBytes(seed, rows * 8);
      await publish(peer, layoutBatch(doubles(new Float64Array(values.buffer))));
      expect(await peer.python.call('next_hashes')).toEqual([[sha256(values)]]);
      await publish(peer, layoutBatch(doubles(Float64Array.of(0.5), new Map([['origin', 'été']]))));
      expect(await peer.python.call('next_stream')).toMatchObject({ metadata: { origin: 'été' } });
    }),
  );
});

peerTest('python', 'pyarrow opens a payload whose small segments were joined, and one with an attachment', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    const payload = ZBytes.fromSegments(layoutBatch(buildBatch(nulls)).segments({ coalesceBelow: 4096 }));
    await session.put(KEY, payload, { attachment: 'more', congestionControl: CongestionControl.BLOCK });
    expect((await python.call<PythonStream>('next_stream')).batches).toEqual([nulls]);
  }),
);

peerTest('python', 'columns of the same name, and of no name, stay apart', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async (peer) => {
    await peer.subscribe(KEY);
    const texts = vectorFromArray(['a', null, 'c'], new Utf8()).data[0]!;
    const numbers = makeData({ type: new Float64(), data: Float64Array.of(1, 2, 3) });
    const fields = ['same', 'same', ''].map(
      (name, index) => new Field(name, [texts, numbers, texts][index]!.type, true),
    );
    const data = makeData({ type: new Struct([]), length: 3, nullCount: 0, children: [texts, numbers, texts] });
    // The constructor would merge the columns: this is what the decoder gives for such a payload, too.
    const batch = Object.assign(buildBatch([]), { schema: new Schema(fields), data });
    await publish(peer, layoutBatch(batch));
    const { batches } = await peer.python.call<PythonStream>('next_stream');
    expect(batches[0]?.map(({ name, values }) => [name, values])).toEqual([
      ['same', ['a', null, 'c']],
      ['same', [1, 2, 3]],
      ['', ['a', null, 'c']],
    ]);
  }),
);

/** Over shared memory as one chunk, otherwise as the segments, of which none is copied by the put. */
async function publish({ session, link }: ZenohPeer, layout: PayloadLayout): Promise<void> {
  const options = { encoding: ARROW_STREAM_MEDIA_TYPE, congestionControl: CongestionControl.BLOCK };
  if (link === 'tcp') {
    const payload = ZBytes.fromSegments(layout.segments());
    session.putSync(KEY, payload, options);
    payload.assertZeroCopy();
    return;
  }
  const pool = new ShmProvider({ size: 2 * layout.byteLength + 65_536 });
  using chunk = await pool.alloc(layout.byteLength);
  writeBatch(chunk.bytes, layout);
  await session.put(KEY, chunk.bytes, options);
}

function doubles(values: Float64Array<ArrayBuffer>, metadata = new Map<string, string>()): RecordBatch {
  const fields = [new Field('d', new Float64(), false)];
  const children = [makeData({ type: new Float64(), data: values })];
  const data = makeData({ type: new Struct(fields), length: values.length, nullCount: 0, children });
  return new RecordBatch(new Schema(fields, metadata), data);
}
