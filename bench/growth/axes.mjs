// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * Something that grows, and what a message then costs.
 *
 * @typedef {object} Axis
 * @property {string} id
 * @property {string} title
 * @property {string} unit of the values
 * @property {readonly number[]} values
 * @property {readonly { id: string, title: string }[]} series
 */

const LOCAL = { id: 'local', title: 'same session' };
const TCP = { id: 'tcp', title: 'TCP, both ends' };

/** @type {readonly Axis[]} */
export const axes = [
  {
    id: 'size',
    title: 'Size of a retained payload',
    unit: 'bytes',
    values: [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576],
    series: [LOCAL, TCP],
  },
  {
    id: 'segments',
    title: 'Segments of 64 B in one payload',
    unit: 'segments',
    values: [1, 10, 100, 1000, 10_000],
    series: [
      { id: 'tcp', title: 'TCP, both ends' },
      { id: 'tcp-joined', title: 'TCP, the same bytes as one segment' },
      { id: 'tcp-coalesced', title: 'TCP, joined by coalesceBelow' },
      { id: 'local', title: 'same session' },
      { id: 'local-joined', title: 'same session, as one segment' },
    ],
  },
  {
    id: 'subscribers',
    title: 'Subscribers of a key, messages of 64 B',
    unit: 'subscribers',
    values: [1, 3, 10, 30, 100],
    series: [LOCAL, TCP],
  },
  {
    id: 'keys',
    title: 'Subscriptions to other keys, messages of 64 B',
    unit: 'key expressions',
    values: [1, 10, 100, 1000],
    series: [LOCAL, TCP],
  },
  {
    id: 'publishers',
    title: 'Publishers in turn, messages of 64 B',
    unit: 'publishers',
    values: [1, 3, 10, 30, 100],
    series: [LOCAL, TCP],
  },
];
