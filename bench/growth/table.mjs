// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';
import { PATHS, verdict } from '../goals.mjs';
import { number } from '../table.mjs';

/** @typedef {import('./result.mjs').AxisResult} AxisResult */

/** Microseconds: a row for each value, a column for each series. @param {AxisResult} result */
export function table({ axis, points }) {
  const rows = axis.values.map((value) => [
    value.toLocaleString('en'),
    ...points
      .filter((point) => point.value === value)
      .map(({ us }) => (us === undefined ? 'missing' : `${number(us.median)} (${number(us.min)}..${number(us.max)})`)),
  ]);
  return markdownTable([[axis.unit, ...axis.series.map(({ title }) => title)], ...rows], { align: 'r' });
}

/** What the goals came to. @param {AxisResult} result */
export function verdictsOf(result) {
  /** @param {number | undefined} a @param {number | undefined} b */
  const ratio = (a, b) => (a === undefined || b === undefined ? undefined : a / b);
  const { id } = result.axis;
  if (id === 'size') {
    const value = ratio(result.cost('local', 1_048_576), result.cost('local', 64));
    return [verdict(PATHS.local, 'CPU time', value, { most: 1.2 }, ' x that of 64 B')];
  }
  if (id !== 'segments') return [];
  // Where bytes are moved: in the same session one segment of any size is one reference.
  return [
    { at: 'CPU time, TCP', series: 'tcp' },
    { at: 'with coalesceBelow', series: 'tcp-coalesced' },
  ].map(({ at, series }) => {
    const value = ratio(result.cost(series, 1000), result.cost('tcp-joined', 1000));
    return verdict(PATHS.segments, at, value, { most: 2 }, ' x one segment of 64 kB');
  });
}

/** A line for each point that failed. @param {AxisResult} result */
export function failureTexts({ axis, points }) {
  return points.flatMap(({ series, value, failure }) =>
    failure === undefined ? [] : [`- ${axis.title}, ${series.title}, ${value}: ${failure}`],
  );
}
