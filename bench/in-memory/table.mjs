// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';
import { goalText } from '../goals.mjs';

/** @typedef {import('./result.mjs').Result} Result */

/** All results as a Markdown table, which is readable as it is. @param {readonly Result[]} results */
export function table(results) {
  const others = Object.keys(results[0]?.suite.launches ?? {}).filter((name) => name !== 'ours');
  const head = ['what', 'size', 'ours, us', 'min..max'];
  head.push(...others.map((name) => `${name}, us`), ...others.map((name) => `ours/${name}`), 'goal');
  const align = head.map((_, index) => (index === 0 || index === head.length - 1 ? 'l' : 'r'));
  return markdownTable([head, ...results.map((result) => line(result, others))], { align });
}

/** @param {Result} result @param {readonly string[]} others */
function line(result, others) {
  const ours = result.time('ours');
  return [
    result.row.title,
    result.sizeText,
    figure(ours?.median),
    ours === undefined ? '' : `${figure(ours.min)}..${figure(ours.max)}`,
    ...others.map((name) => figure(result.time(name)?.median)),
    ...others.map((name) => ratio(result.ratio(name))),
    result.goals.map(goalText).join(', '),
  ];
}

/** @param {number | undefined} value */
function figure(value) {
  return value === undefined ? 'missing' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** @param {number | undefined} value */
function ratio(value) {
  return value === undefined ? '' : value.toPrecision(2);
}
