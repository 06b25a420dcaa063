// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { tableToIPC } from 'apache-arrow';
import { cut, kept, moved } from '../in-memory/peer.mjs';
import { tableOf, touch } from './content.mjs';

/** @typedef {import('apache-arrow').Table} Table */
/** @typedef {import('../in-memory/peer.mjs').Job} Job */

/**
 * The ways of one library.
 *
 * @typedef {object} Library
 * @property {(table: Table) => readonly Uint8Array[]} encode the table as it is sent
 * @property {(slices: readonly Uint8Array[]) => Table} decode
 */

/** @param {Library} library @returns {Record<string, (rows: number) => Job>} */
export function jobsOf({ encode, decode }) {
  /** A job that opens. @param {readonly Uint8Array[]} slices */
  const opening = (slices) => kept(() => decode(slices), touch);
  /** The bytes that stock apache-arrow writes: the same for both. @param {number} rows */
  const sent = (rows) => tableToIPC(tableOf(rows), 'stream');

  return {
    encode: (rows) => {
      const table = tableOf(rows);
      return kept(
        () => encode(table),
        (segments) => touch(decode(segments)),
      );
    },
    aligned: (rows) => opening([moved(sent(rows), 0)]),
    odd: (rows) => opening([moved(sent(rows), 1)]),
    slices: (rows) => opening(cut(sent(rows))),
    'as-sent': (rows) => opening(encode(tableOf(rows))),
  };
}
