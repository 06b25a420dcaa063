#!/usr/bin/env node
// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';

// A peer dependency, which not every package manager installs.
const PEER = 'capnp-es';

try {
  const { main } = await import('../dist/codegen/main.js');
  process.exitCode = await main(process.argv);
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes(`'${PEER}'`)) throw error;
  const { peerDependencies } = createRequire(import.meta.url)('../package.json');
  const install = `npm install ${PEER}@${peerDependencies[PEER]}`;
  process.stderr.write(`capnpc-zenoh: DEPENDENCY: ${PEER} is not installed: ${install}\n`);
  process.exitCode = 1;
}
