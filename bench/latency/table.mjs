// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';
import { goalText, PATHS, verdict } from '../goals.mjs';
import { number, ratio, sizeText } from '../table.mjs';

/** @typedef {import('./result.mjs').TripResult} TripResult */
/** @typedef {import('./result.mjs').Way} Way */

const WAYS = /** @type {const} */ (['alone', 'loaded']);

/** All results as a Markdown table. @param {readonly TripResult[]} results */
export function table(results) {
  const head = ['payload', 'contender', 'on its way', 'p50 us', 'p99 us', 'p99.9 us', 'most us'];
  head.push('p50 of Rust', 'p99 of Rust', 'goal');
  const rows = results.flatMap((result) => WAYS.map((way) => row(result, way, results)));
  const align = head.map((title) => (['contender', 'on its way', 'goal'].includes(title) ? 'l' : 'r'));
  return markdownTable([head, ...rows], { align });
}

/** @param {TripResult} result @param {Way} way @param {readonly TripResult[]} all */
function row(result, way, all) {
  const told = result.percentiles(way);
  const name = [sizeText(result.size), result.contender.title, way === 'alone' ? 'one' : `${result.rate}/s`];
  if (told === undefined) return [...name, 'missing: see below'];
  const { p50, p99, p999, most } = told;
  return [
    ...name,
    ...[p50, p99, p999, most].map(number),
    ratio(ofRust(result, way, 'p50', all)),
    ratio(ofRust(result, way, 'p99', all)),
    way === 'alone' ? verdictsOf(result, all).map(goalText).join(', ') : '',
  ];
}

/** What the goals of a result came to. @param {TripResult} result @param {readonly TripResult[]} all */
export function verdictsOf(result, all) {
  const { contender, size } = result;
  if (size !== 64 || !['ours-tcp', 'ours-shm'].includes(contender.id)) return [];
  const of = (/** @type {'p50' | 'p99'} */ which, /** @type {number} */ most) =>
    verdict(
      PATHS.roundTrip,
      `${contender.link.toUpperCase()} ${which}`,
      ofRust(result, 'alone', which, all),
      { most },
      ' x Rust',
    );
  return [of('p50', 1.5), of('p99', 2)];
}

/** How many times as long as Rust over the same link. @param {TripResult} result @param {Way} way @param {'p50' | 'p99'} which @param {readonly TripResult[]} all */
function ofRust(result, way, which, all) {
  const { contender, size } = result;
  const rust = all.find((each) => each.size === size && each.contender.id === `rust-${contender.link}`);
  const [mine, theirs] = [result.percentiles(way), rust?.percentiles(way)];
  return mine === undefined || theirs === undefined ? undefined : mine[which] / theirs[which];
}
