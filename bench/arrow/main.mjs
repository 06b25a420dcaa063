// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { fileURLToPath } from 'node:url';
import { nodePeer } from '../in-memory/contender.mjs';
import { failureTexts, measureInMemory } from '../in-memory/main.mjs';
import { listed, readOptions } from '../in-memory/options.mjs';
import { table } from '../in-memory/table.mjs';
import { python } from '../launch.mjs';
import { machine, machineText, packageVersion, pythonVersion } from '../machine.mjs';
import { measureAll } from '../main.mjs';
import { report, run } from '../report.mjs';
import { failureTexts as carrierFailures } from '../rounds.mjs';
import { table as carrierTable } from '../table.mjs';
import { oneOf, within } from '../within.mjs';
import { carriers } from './carriers.mjs';
import { ROW_BYTES } from './content.mjs';
import { LARGE, rows, SMALL } from './rows.mjs';

const peer = new URL('peer.mjs', import.meta.url);

/** @type {import('../in-memory/suite.mjs').Suite} */
const suite = {
  command: 'pnpm bench arrow',
  rows,
  launches: {
    stock: (profile) => nodePeer(peer, 'stock', 'apache-arrow', profile),
    ours: (profile) => nodePeer(peer, 'ours', '@zenoh-segments/arrow', profile),
    pyarrow: () => python(fileURLToPath(new URL('pyarrow_peer.py', import.meta.url))),
  },
  sizes: {
    help: 'rows of the tables in memory',
    standard: [SMALL, 2_350, 37_500, LARGE],
    read: (text) => within('sizes', text, 1, 4_000_000, Number.isInteger),
  },
  sizeText: (_, size) => `${size.toLocaleString('en')} rows, ${bytesText(size * ROW_BYTES + STREAM_BYTES)}`,
  beatsStock: (_, size) => size === SMALL,
  versions: () => ({
    '@zenoh-segments/arrow': packageVersion('../packages/arrow/package.json'),
    'apache-arrow': packageVersion('node_modules/apache-arrow/package.json'),
    pyarrow: pythonVersion('pyarrow'),
  }),
};

/** More code than plain payloads need: until it was compiled for good it is several times as slow. */
const WARM_SECONDS = 1;

/** About what a stream has besides its values. */
const STREAM_BYTES = 650;

const MORE = {
  help: `  --peers <id,...>      who carries batches from process to process, or none; all unless given:
${carriers.map(({ id, title }) => `                          ${id.padEnd(16)}${title}`).join('\n')}
  --batches <n,...>     bytes of the batches they carry; 1048576,16777216 unless given
  --carry <n,s>         rounds of each of them, and seconds that one aims at; 3,1.5 unless given
`,
  standard: { peers: carriers.map(({ id }) => id).join(), batches: '1048576,16777216', carry: '3,1.5' },
};

/** @param {number} bytes */
function bytesText(bytes) {
  return bytes < 1e5 ? `${(bytes / 1e3).toPrecision(2)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {string[]} args */
function read(args) {
  const options = readOptions(args, suite, MORE);
  if ('help' in options) return options;
  const { peers, batches, carry } = /** @type {typeof MORE.standard} */ (options.more);
  const [times, seconds] = carry.split(',');
  return {
    memory: options,
    carrying: {
      sizes: batches.split(',').map((text) => within('batches', text, 32, 64 << 20, (n) => n % 32 === 0)),
      peers: listed(peers).map(oneOf('peers', carriers)),
      rounds: within('carry', times ?? '', 1, 100, Number.isInteger),
      seconds: within('carry', seconds ?? '', 0.05, 60, Number.isFinite),
      profile: options.profile,
      warm: WARM_SECONDS,
    },
  };
}

/** Runs the bench of Arrow tables. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => read(args),
    async ({ memory, carrying }) => {
      const about = machine(suite.versions());
      console.log(`${machineText(about)}\n`);
      const results = await measureInMemory(suite, memory);
      if (results.length > 0) {
        console.log(
          `In memory: ${memory.rounds} rounds of about ${memory.seconds} s; CPU time, the median of the rounds\n`,
        );
        console.log(`${table(results)}\n`);
      }
      const carried = await measureAll(carrying);
      if (carried.length > 0) {
        console.log(
          `From process to process: ${carrying.rounds} rounds of about ${carrying.seconds} s; a message is a batch\n`,
        );
        console.log(carrierTable(carried, [{ title: 'of Flight', with: ({ beside }) => beside ?? '' }]));
      }
      report({
        failures: [...failureTexts(results), ...carrierFailures(carried)],
        json: memory.json,
        data: { machine: about, ...memory, carrying: { ...carrying, peers: undefined }, results, carried },
      });
    },
  );
}
