// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { fileURLToPath } from 'node:url';
import { PATHS } from '../goals.mjs';
import { node, python } from '../launch.mjs';
import { zenohConfig } from '../zenoh-config.mjs';

/** @typedef {import('../contenders.mjs').Contender} Contender */

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/** What is done with a batch: its ends are touched, or all of it is written and read. */
const WORKS = /** @type {const} */ ([
  { work: 'ends', title: 'ends touched' },
  { work: 'whole', title: 'all summed' },
]);

/**
 * As in `new Config()`, more of zenoh's batches of 64 KiB wait for the socket, 16 instead of 2, so that its threads wake each other less often;
 * and what is received goes into memory of which there is enough for a few payloads, instead of fresh memory each time.
 */
const LARGE_PAYLOADS = { link: { tx: { queue: { size: { data: 16 } } }, rx: { buffer_size: 64 * 2 ** 20 } } };

const TCP_PATH = 'Arrow batch from end to end over TCP, batches/s';

/** @type {readonly Contender[]} */
export const carriers = WORKS.flatMap(({ work, title }) => {
  /** @param {string} id @param {string} name @param {'shm' | 'tcp'} link @param {number} least @param {object} [more] @returns {Contender} */
  const ours = (id, name, link, least, more) => ({
    id: `${id}-${work}`,
    title: `zenoh-segments, ${name}, ${title}`,
    link,
    launch: () => {
      const { command, args } = node(here('zenoh-peer.mjs'), '@zenoh-segments/arrow');
      return { command, args: [...args, work] };
    },
    place: (role, port) => zenohConfig(role, port, link === 'shm', more),
    beside: `flight-${work}`,
    goals: () => (work === 'ends' ? [{ path: link === 'shm' ? PATHS.arrow : TCP_PATH, least, of: 'flight-ends' }] : []),
  });
  /** @type {Contender} */
  const flight = {
    id: `flight-${work}`,
    title: `Arrow Flight of pyarrow, ${title}`,
    link: 'tcp',
    launch: () => {
      const { command, args } = python(here('flight_peer.py'));
      return { command, args: [...args, work] };
    },
    place: (_role, port) => `grpc://127.0.0.1:${port}`,
    beside: `flight-${work}`,
  };
  return [
    ours('shm', 'SHM', 'shm', 30),
    ours('tcp', 'TCP', 'tcp', 1),
    ours('tuned', 'TCP set for large payloads', 'tcp', 1, LARGE_PAYLOADS),
    flight,
  ];
});
