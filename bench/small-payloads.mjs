// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// What the bounds in packages/core/native/src/small.rs are worth: receiving over TCP, and memory that kept payloads pin.
// `node bench/small-payloads.mjs [thresholds|slabs|memory]`: 5 minutes. Builds the addon with its feature `tuning`.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';
import { zenohConfig } from './zenoh-config.mjs';

const KEY = 'bench/small';
const SIZES = [64, 1024, 4096, 8192, 16_384];
const SMALL_PAYLOADS = [0, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
const SLABS = [4096, 8192, 16_384, 32_768];
const ROUNDS = 3;
const KEPT = 10_000;
/** A tenth is kept of a busy stream: what it shares memory with, it pins. */
const EVERY = 10;
const WARM = 2000;

/** About half a second of messages. @param {number} size */
const count = (size) => (size <= 1024 ? 100_000 : 40_000);

/** @param {string[]} args @param {Record<string, string>} env */
function peer(args, env) {
  const command = ['--expose-gc', fileURLToPath(import.meta.url), ...args];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

/**
 * A subscriber with these bounds, and a publisher with none to speak of.
 *
 * @param {string} mode @param {number} size @param {number} total @param {Record<string, string>} bounds
 * @returns {Promise<{ seconds: number, cpu: number, grown: number }>}
 */
async function measure(mode, size, total, bounds) {
  const port = await freePort();
  const subscriber = peer([mode, String(size), String(total), String(port)], bounds);
  await subscriber.line();
  const publisher = peer(['publish', String(size), String(total), String(port)], {});
  try {
    return JSON.parse(await subscriber.line());
  } finally {
    subscriber.child.kill();
    publisher.child.kill();
  }
}

/** @param {number} size @param {number} total @param {number} port */
async function publish(size, total, port) {
  const { alloc, Config, CongestionControl, Session } = await import('@zenoh-segments/core');
  const session = await Session.open(Config.fromJson5(zenohConfig('publisher', port, false)));
  const publisher = await session.declarePublisher(KEY, { congestionControl: CongestionControl.BLOCK });
  while (!(await publisher.matchingStatus()).matching()) await setImmediate();
  const payload = alloc(size).bytes.fill(7);
  for (let sent = 0; sent < total; sent++) {
    publisher.putSync(payload);
    if (sent % 500 === 499) await setImmediate();
  }
  setInterval(() => {}, 1000);
}

/** The resident memory after everything that can go has gone. */
async function inUse() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().rss;
}

/** @param {string} mode @param {number} size @param {number} total @param {number} port */
async function subscribe(mode, size, total, port) {
  const { Config, Session } = await import('@zenoh-segments/core');
  const session = await Session.open(Config.fromJson5(zenohConfig('subscriber', port, false)));
  /** @type {unknown[]} */
  const kept = [];
  let [came, begun] = [0, 0];
  const before = await inUse();
  let cpu = process.cpuUsage();
  await session.declareSubscriber(KEY, {
    bounds: { policy: 'block' },
    handler: async (sample) => {
      const payload = sample.payload();
      if (payload.segments()[0]?.[size - 1] !== 7) throw new Error('a payload came damaged');
      came++;
      if (mode === 'receive') sample[Symbol.dispose]();
      else if (came > WARM && came % (mode === 'keep-all' ? 1 : EVERY) === 0) kept.push(payload);
      if (came === WARM) {
        begun = performance.now();
        cpu = process.cpuUsage();
      }
      if (came !== total) return;
      const seconds = (performance.now() - begun) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      const grown = (await inUse()) - before;
      console.log(JSON.stringify({ seconds, cpu: (user + system) / (total - WARM), grown, kept: kept.length }));
    },
  });
  console.log('ready');
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** @param {string} title @param {(string | number)[]} heads @param {(string | number)[][]} rows */
function print(title, heads, rows) {
  console.log(`\n${title}\n\n| ${heads.join(' | ')} |\n|${heads.map(() => '---|').join('')}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

/** @param {string | undefined} wanted one of the measurements; all unless given */
async function main(wanted) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const build = ['build', '--release', '--locked', '-p', 'zenoh-segments-addon', '--features', 'tuning'];
  const built = spawnSync('cargo', [...build, '--target-dir', 'target/tuning'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the addon did not compile');
  process.env.ZENOH_SEGMENTS_ADDON = `${root}target/tuning/release/libzenoh_segments_addon.so`;
  for (const measurement of [thresholds, slabs, memory]) {
    if (wanted === undefined || wanted === measurement.name) await measurement();
  }
}

/** @param {number} small @param {number} slab */
const bounds = (small, slab) => ({
  ZENOH_SEGMENTS_SMALL_PAYLOAD: String(small),
  ZENOH_SEGMENTS_SLAB: String(slab),
});

/**
 * Medians of receiving, every size with every choice; the choices take turns in each round.
 *
 * @param {string} title @param {number[]} sizes @param {number[]} choices
 * @param {(choice: number) => Record<string, string>} boundsOf
 */
async function receiving(title, sizes, choices, boundsOf) {
  /** @type {Map<string, { rate: number, cpu: number }[]>} */
  const cells = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of sizes) {
      for (const choice of choices) {
        const { seconds, cpu } = await measure('receive', size, count(size), boundsOf(choice));
        const known = cells.get(`${size} ${choice}`) ?? [];
        cells.set(`${size} ${choice}`, [...known, { rate: (count(size) - WARM) / seconds, cpu }]);
      }
    }
  }
  const rows = sizes.map((size) => [
    size,
    ...choices.map((choice) => {
      const all = cells.get(`${size} ${choice}`) ?? [];
      const rate = median(all.map((each) => each.rate));
      return `${(rate / 1000).toFixed(0)}k, ${median(all.map((each) => each.cpu)).toFixed(1)} us`;
    }),
  ]);
  print(`Messages/s, and CPU of the receiver for each; ${title}`, ['bytes', ...choices], rows);
}

const thresholds = () => receiving('copied out below', SIZES, SMALL_PAYLOADS, (threshold) => bounds(threshold, 32_768));

const slabs = () => receiving('copies in slabs of', SIZES.slice(0, 3), SLABS, (slab) => bounds(32_768, slab));

async function memory() {
  for (const [mode, total] of /** @type {[string, number][]} */ ([
    ['keep-all', KEPT + WARM],
    ['keep-some', KEPT * EVERY + WARM],
  ])) {
    const rows = [];
    for (const size of SIZES) {
      const none = await measure('receive', size, total, bounds(0, 32_768));
      const row = [size, ((size * KEPT) / 2 ** 20).toFixed(1), (none.grown / 2 ** 20).toFixed(1)];
      // Above or below is all that matters: a payload is copied out or is not.
      for (const [small, slab] of [[0, 32_768], ...SLABS.map((slab) => [32_768, slab])]) {
        const { grown } = await measure(mode, size, total, bounds(Number(small), Number(slab)));
        row.push((grown / 2 ** 20).toFixed(1));
      }
      rows.push(row);
    }
    const heads = [
      'bytes',
      'payloads alone',
      'nothing kept',
      'views',
      ...SLABS.map((slab) => `copies, slabs of ${slab}`),
    ];
    print(`MiB (RSS) that ${KEPT} kept payloads cost, ${mode}`, heads, rows);
  }
}

const [mode = '', size, total, port] = process.argv.slice(2);
if (size === undefined) await main(mode === '' ? undefined : mode);
else if (mode === 'publish') await publish(Number(size), Number(total), Number(port));
else await subscribe(mode, Number(size), Number(total), Number(port));
