// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';

/** @typedef {import('./results.mjs').Result} Result */

const HEAD = [
  'payload',
  'contender',
  'messages/s',
  'min..max',
  'MB/s',
  'of Rust',
  'of zeromq.js',
  'copied/byte, out + in',
];

/** All results as a Markdown table, which is readable as it is. @param {readonly Result[]} results */
export function table(results) {
  const rows = results.map((result) => row(result, results));
  return markdownTable([HEAD, ...rows], { align: ['r', 'l', 'r', 'r', 'r', 'r', 'r', 'r'] });
}

/** @param {Result} result @param {readonly Result[]} all */
function row(result, all) {
  const { contender, size, rate, copied } = result;
  const name = [sizeText(size), contender.title];
  if (rate === undefined) return [...name, 'missing: see below', '', '', '', '', ''];
  /** @param {string} id */
  const of = (id) => {
    const other = all.find((candidate) => candidate.size === size && candidate.contender.id === id)?.rate;
    return other === undefined ? '' : ratio(rate.median / other.median);
  };
  return [
    ...name,
    number(rate.median),
    `${number(rate.min)}..${number(rate.max)}`,
    number((rate.median * size) / 1e6),
    of(contender.link === 'shm' ? 'rust-shm' : 'rust-tcp'),
    of('zeromq'),
    copied === undefined ? '' : `${copied.sent.toFixed(2)} + ${copied.received.toFixed(2)}`,
  ];
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** @param {number} value */
function ratio(value) {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) === 0) return `${bytes >> 20} MiB`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes >> 10} KiB` : `${bytes} B`;
}
