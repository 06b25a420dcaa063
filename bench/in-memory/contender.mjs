// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { fileURLToPath } from 'node:url';
import { node } from '../launch.mjs';
import { PeerProcess } from '../peer-process.mjs';

/** Building the largest message in Python, and a measurement of it, on a busy machine. */
const LIMIT_MS = 60_000;

/** @typedef {{ us: number, sum: number }} Measurement */

/**
 * A peer in Node: a program that calls `serveJobs`, with the name of a library.
 *
 * @param {URL} program @param {string} library @param {string} module @param {string | undefined} profile a folder
 */
export function nodePeer(program, library, module, profile) {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const { command, args } = node(fileURLToPath(program), module, profiling);
  return { command, args: [...args, library] };
}

/** A library in a process of its own, which lasts for the whole run as a program's would. */
export class Contender {
  /** @type {PeerProcess | undefined} */
  #peer;
  #missing = '';

  /** @param {string} name @param {() => import('../launch.mjs').Launch} launch */
  constructor(name, launch) {
    this.name = name;
    try {
      this.#peer = new PeerProcess(name, launch());
    } catch (error) {
      this.#missing = /** @type {Error} */ (error).message;
    }
  }

  /** Waits until it can be asked. */
  async ready() {
    try {
      await this.#peer?.hear('ready', LIMIT_MS);
    } catch (error) {
      this.#missing = `${/** @type {Error} */ (error).message}${this.#peer?.complaint}`;
      await this.end();
    }
  }

  /**
   * @param {{ row: string, size: number, seconds: number }} request @returns {Promise<Measurement>}
   * @throws {Error} with the reason, when it is missing or failed
   */
  async measure(request) {
    if (this.#peer === undefined) throw new Error(this.#missing);
    this.#peer.say(`measure ${JSON.stringify(request)}`);
    const said = JSON.parse(await this.#peer.hear('measured', LIMIT_MS));
    if (said.failure !== undefined) throw new Error(said.failure);
    return said;
  }

  async end() {
    await this.#peer?.end();
    this.#peer = undefined;
  }
}
