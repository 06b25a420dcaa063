// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';
import { goalText, rivalName, verdict } from './goals.mjs';

/** @typedef {import('./results.mjs').Result} Result */

/**
 * A column of ratios: how many times as fast a contender is as another, which is named by its id.
 *
 * @typedef {{ title: string, with: (contender: import('./contenders.mjs').Contender) => string }} Comparison
 */

/**
 * All results as a Markdown table, which is readable as it is.
 *
 * @param {readonly Result[]} results @param {readonly Comparison[]} compared
 */
export function table(results, compared) {
  const goals = results.some((result) => verdictsOf(result, results).length > 0);
  const head = ['payload', 'contender', 'messages/s', 'min..max', 'MB/s', ...compared.map(({ title }) => title)];
  head.push('copied/byte', 'CPU us/message', 'memory MB', 'loop late ms', ...(goals ? ['goal'] : []));
  const rows = results.map((result) => row(result, results, compared).slice(0, head.length));
  const align = head.map((title) => (title === 'contender' || title === 'goal' ? 'l' : 'r'));
  return markdownTable([head, ...rows], { align });
}

/** What the goals of a result came to, within one run. @param {Result} result @param {readonly Result[]} all */
export function verdictsOf(result, all) {
  const { contender, size } = result;
  return (contender.goals?.(size) ?? []).map(({ path, least, of, way = '' }) =>
    verdict(path, `${way} ${sizeText(size)}`.trim(), ratioTo(of, result, all), { least }, ` x ${rivalName(of)}`),
  );
}

/** @param {string} id @param {Result} result @param {readonly Result[]} all */
function ratioTo(id, { rate, size }, all) {
  const other = all.find((candidate) => candidate.size === size && candidate.contender.id === id)?.rate;
  return rate === undefined || other === undefined ? undefined : rate.median / other.median;
}

/** @param {Result} result @param {readonly Result[]} all @param {readonly Comparison[]} compared */
function row(result, all, compared) {
  const { contender, size, rate, copied, cpu, peak, loop } = result;
  const name = [sizeText(size), contender.title];
  if (rate === undefined) return [...name, 'missing: see below'];
  return [
    ...name,
    number(rate.median),
    `${number(rate.min)}..${number(rate.max)}`,
    number((rate.median * size) / 1e6),
    ...compared.map((comparison) => ratio(ratioTo(comparison.with(contender), result, all))),
    both(copied, (share) => share.toFixed(2)),
    both(cpu, number),
    both(peak, (bytes) => number(bytes / 1e6)),
    both(loop, (ms) => ms.toFixed(1)),
    verdictsOf(result, all).map(goalText).join(', '),
  ];
}

/** Of sender and receiver. @param {{ sent: number, received: number } | undefined} values @param {(value: number) => string} text */
function both(values, text) {
  return values === undefined ? '' : `${text(values.sent)} + ${text(values.received)}`;
}

/** @param {number} value */
export function number(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** @param {number | undefined} value */
export function ratio(value) {
  if (value === undefined) return '';
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) === 0) return `${bytes >> 20} MiB`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes >> 10} KiB` : `${bytes} B`;
}
