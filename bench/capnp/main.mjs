// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { fileURLToPath } from 'node:url';
import { nodePeer } from '../in-memory/contender.mjs';
import { failureTexts, measureInMemory } from '../in-memory/main.mjs';
import { readOptions } from '../in-memory/options.mjs';
import { table } from '../in-memory/table.mjs';
import { python } from '../launch.mjs';
import { machine, machineText, packageVersion, pythonVersion } from '../machine.mjs';
import { report, run } from '../report.mjs';
import { sizeText } from '../table.mjs';
import { within } from '../within.mjs';
import { rows } from './rows.mjs';
import { compileSchema } from './schema.mjs';

/** At this size ours shall not be slower than stock at anything. */
const SMALL = 1024;

const peer = new URL('peer.mjs', import.meta.url);

/** @type {import('../in-memory/suite.mjs').Suite} */
const suite = {
  command: 'pnpm bench capnp',
  rows,
  launches: {
    stock: (profile) => nodePeer(peer, 'stock', 'capnp-es', profile),
    ours: (profile) => nodePeer(peer, 'ours', '@zenoh-segments/capnp', profile),
    pycapnp: () => python(fileURLToPath(new URL('pycapnp_peer.py', import.meta.url))),
  },
  sizes: {
    help: "bytes of the message's data field",
    standard: [1024, 65_536, 1_048_576, 16_777_216],
    read: (text) => within('sizes', text, 256, 64 << 20, (n) => n % 256 === 0),
  },
  sizeText: (row, size) =>
    row.elements === undefined ? sizeText(size) : `${size.toLocaleString('en')} ${row.elements}`,
  beatsStock: (row, size) => row.elements === undefined && size === SMALL,
  versions: () => ({
    '@zenoh-segments/capnp': packageVersion('../packages/capnp/package.json'),
    'capnp-es': packageVersion('node_modules/capnp-es/package.json'),
    pycapnp: pythonVersion('pycapnp'),
  }),
};

/** Runs the bench of Cap'n Proto messages in memory. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => readOptions(args, suite),
    async (options) => {
      await compileSchema();
      const about = machine(suite.versions());
      const results = await measureInMemory(suite, options);
      const { rounds, seconds, json } = options;
      console.log(
        `${machineText(about)}\n${rounds} rounds of about ${seconds} s; CPU time, the median of the rounds\n`,
      );
      console.log(table(results));
      report({ failures: failureTexts(results), json, data: { machine: about, rounds, seconds, results } });
    },
  );
}
