// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// `pnpm bench`: throughput of zenoh-segments beside its neighbours; `pnpm bench <one of these>`: what else is measured. See
// bench/README.md.
const MODES = ['capnp', 'arrow', 'latency', 'growth', 'idle', 'goals', 'table', 'gate', 'browser'];
const [first, ...rest] = process.argv.slice(2);
const isMode = MODES.includes(first);
const { main } = await import(isMode ? `../bench/${first}/main.mjs` : '../bench/main.mjs');

process.exitCode = await main(isMode ? rest : process.argv.slice(2));
