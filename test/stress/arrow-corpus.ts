// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { writeFileSync } from 'node:fs';
import { encodeBatch } from '@zenoh-segments/arrow';
import type { RecordBatch } from 'apache-arrow';
import { buildBatch } from '../support/arrow/build.js';
import type { Column } from '../support/arrow/column.js';
import { allColumns, nestedColumns, sliced } from '../support/arrow/columns.js';
import type { JsonPeer } from '../support/json-peer.js';

const ROWS = 9;

/**
 * Streams of pyarrow and of ours: small ones of each type, alone and in others, and of all that an IPC stream has
 * besides.
 */
export async function writeCorpus(path: string, judge: JsonPeer): Promise<void> {
  const streams: (readonly [name: string, base64: string])[] = [];
  const write = async (name: string, batches: readonly (readonly Column[])[], options: object = {}) =>
    streams.push([`${name}, pyarrow`, await judge.call<string>('write', { batches, ...options })]);
  const encode = (name: string, batch: RecordBatch) => {
    streams.push([`${name}, ours`, Buffer.concat(encodeBatch(batch).segments()).toString('base64')]);
  };
  const [all, nulls] = [allColumns(false, ROWS), allColumns(true, ROWS)];
  for (const column of nulls) {
    await write(column.name, [[column]]);
    encode(column.name, buildBatch([column]).slice(1, 8));
  }
  // One in seven of them: each type, each time in another.
  for (const column of nestedColumns(true, 5).filter((_, index) => index % 7 === 3))
    await write(column.name, [[column]]);
  for (const compression of ['lz4', 'zstd']) {
    await write(`all, ${compression}`, [nulls], { compression });
    const few = nulls.filter(({ name }) => /^(int32|utf8|bool|utf8_view|dictionary int8|list of utf8)$/.test(name));
    await write(`some, ${compression}`, [few], { compression });
  }
  await write('all', [nulls]);
  const dictionaries = (rows: number) => allColumns(true, rows).filter(({ type }) => type.kind === 'dictionary');
  for (const deltas of [false, true]) {
    await write(`dictionaries, deltas ${deltas}`, [dictionaries(2), dictionaries(6), dictionaries(3)], { deltas });
  }
  const mixed = all.filter(({ type }) => ['int32', 'utf8', 'list', 'dictionary'].includes(type.kind));
  await write('three batches', [mixed, sliced(mixed, 0, 0), sliced(mixed, 2, 5)], { metadata: { origin: 'été' } });
  const unions = all.filter(({ type }) => type.kind.endsWith('union'));
  // Unions had a validity buffer in V4.
  await write('V4', [[...mixed, ...unions]], { version: 'V4' });
  await write('V4 without continuation words', [mixed], { version: 'V4', legacy: true });
  writeFileSync(path, JSON.stringify(streams));
}
