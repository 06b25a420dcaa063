// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// A NATS server that drops nothing, until `quit`: `<program> <port>`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serve } from './commands.mjs';

const [program, port] = process.argv.slice(2);
if (program === undefined || port === undefined) throw new Error('usage: <program> <port>');
const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-nats-'));
const config = join(folder, 'nats.conf');
// By itself it takes messages of 1 MiB at most, and drops a client with 64 MiB waiting for it.
writeFileSync(
  config,
  `listen: 127.0.0.1:${port}\nmax_payload: ${64 << 20}\nmax_pending: ${4 * 2 ** 30}\nwrite_deadline: "30s"\n`,
);
const server = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
const ended = new Promise((resolve) => server.once('close', resolve));
server.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
await new Promise((resolve) => {
  // It logs a line for each thing it does.
  createInterface({ input: server.stderr }).on('line', (line) => {
    if (line.includes('Server is ready')) resolve(undefined);
    else if (line.includes('[FTL]')) process.stderr.write(`${line}\n`);
  });
});
await serve({});
server.kill();
await ended;
rmSync(folder, { recursive: true });
