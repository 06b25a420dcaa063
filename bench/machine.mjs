// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';

const zenoh = /name = "zenoh"\nversion = "(.+)"/;

/** What the figures depend on. @param {Record<string, string>} versions of what is measured */
export function machine(versions) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    cpu: cpu?.model ?? 'unknown',
    system: `${process.platform} ${process.arch} ${release()}`,
    versions,
  };
}

/** Those of the contenders that carry messages. */
export function carrierVersions() {
  return {
    '@zenoh-segments/core': packageVersion('../packages/core/package.json'),
    'zenoh (Rust)': zenoh.exec(read('../Cargo.lock'))?.[1] ?? 'unknown',
    'eclipse-zenoh (Python)': pythonVersion('eclipse-zenoh'),
    zeromq: packageVersion('node_modules/zeromq/package.json'),
    'nats.js': packageVersion('node_modules/@nats-io/transport-node/package.json'),
    'zenoh-ts': packageVersion('node_modules/@eclipse-zenoh/zenoh-ts/package.json'),
  };
}

/** What test/peers asks for. @param {string} name */
export function pythonVersion(name) {
  return new RegExp(`^${name}==(\\S+)`, 'm').exec(read('../test/peers/requirements.txt'))?.[1] ?? 'unknown';
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(new URL(path, import.meta.url), 'utf8');
  } catch {
    // What is not there is reported as missing elsewhere.
    return '';
  }
}

/** @param {string} path from this folder @returns {string} */
export function packageVersion(path) {
  return JSON.parse(read(path) || '{}').version ?? 'absent';
}

/** @param {ReturnType<typeof machine>} about */
export function machineText({ date, node, cpus, cpu, system, versions }) {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}, Node ${node}, ${cpus} CPUs (${cpu}), ${system}\n${names.join(', ')}`;
}
