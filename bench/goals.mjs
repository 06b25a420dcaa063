// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * What a contender shall reach: so many times the rate of another, which is named by its id. `way` tells apart what the path has several of.
 *
 * @typedef {{ path: string, least: number, of: string, way?: string }} Goal
 */

/**
 * Whether a goal was reached in one run. `value` is what is compared with `goal`; undefined when something is missing.
 *
 * @typedef {{ path: string, at: string, goal: string, value: number | undefined, met: boolean }} Verdict
 */

/** The rows of the table of goals. */
export const PATHS = /** @type {const} */ ({
  small: '64 B over TCP, one subscriber, callback',
  tcp: '4 KiB to 16 MiB over TCP',
  shm: 'shared memory, built in place, released at once',
  recycled: 'shared memory, built in place in chunks that are written again and again',
  arrow: 'Arrow batch from end to end over shared memory, batches/s',
  local: 'local subscriber in the same process, 1 MiB retained: its cost',
  roundTrip: 'round trip of 64 B',
  segments: '1,000 segments of 64 B in one payload: their cost',
  idle: 'idle with 100 subscriptions: wake-ups per second of our own',
  import: '`import` of core, native: longer than bare node',
  websocket: 'websocket, 1 MiB and more',
});

const KIB = 1024;
const MIB = 1024 * KIB;

/** Goals over TCP. @param {number} size @returns {Goal[]} */
export function tcpGoals(size) {
  if (size === 64) {
    const path = PATHS.small;
    return [
      { path, least: 0.5, of: 'rust-tcp' },
      { path, least: 3, of: 'zeromq' },
      { path, least: 3, of: 'zenoh-python' },
    ];
  }
  if (size < 4 * KIB || size > 16 * MIB) return [];
  return [
    { path: PATHS.tcp, least: 0.95, of: 'rust-tcp' },
    { path: PATHS.tcp, least: 1, of: 'zeromq' },
  ];
}

/** @param {string} path @returns {(size: number) => Goal[]} */
export const shmGoals = (path) => (size) => [
  ...([64 * KIB, MIB, 16 * MIB].includes(size) ? [{ path, least: 0.6, of: 'rust-shm' }] : []),
  ...(size >= MIB ? [{ path, least: 15, of: 'zenoh-python' }] : []),
];

/** @param {'send' | 'receive' | 'both ends'} way @returns {(size: number) => Goal[]} */
export const websocketGoals = (way) => (size) => {
  const of = way === 'both ends' ? 'zenoh-ts' : `zenoh-ts-${way}`;
  return size >= MIB ? [{ path: PATHS.websocket, least: 1.5, of, way }] : [];
};

/**
 * @param {string} path @param {string} at @param {number | undefined} value
 * @param {{ least: number } | { most: number }} bound @param {string} [unit] of value and bound
 * @returns {Verdict}
 */
export function verdict(path, at, value, bound, unit = '') {
  const [goal, met] =
    'least' in bound
      ? [`>= ${bound.least}${unit}`, value !== undefined && value >= bound.least]
      : [`<= ${bound.most}${unit}`, value !== undefined && value <= bound.most];
  return { path, at, goal, value, met };
}

/** Whom goals name, as people know them. @param {string} id of a contender */
export function rivalName(id) {
  const [name = id] = /^(rust|zeromq|zenoh-python|zenoh-ts|flight)/.exec(id) ?? [];
  return { rust: 'Rust', zeromq: 'zeromq.js', flight: 'Arrow Flight' }[name] ?? name;
}

/** In the cell of a table. @param {Pick<Verdict, 'goal' | 'value' | 'met'>} verdict */
export function goalText({ goal, value, met }) {
  if (value === undefined) return `${goal} not compared`;
  return `${goal} ${met ? 'met' : 'MISSED'}`;
}
