// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { freePort } from './free-port.mjs';
import { PeerProcess } from './peer-process.mjs';
import { pinned } from './pinning.mjs';
import { removeSocket } from './unix-sockets.mjs';

export const START_LIMIT_MS = 20_000;

/**
 * Two fresh processes of a contender, `listener` first, and what is done with them once they are ready. They are ended in any case.
 *
 * @template T
 * @param {import('./contenders.mjs').Contender} contender @param {number} size
 * @param {{ listener: import('./contenders.mjs').Role, caller: import('./contenders.mjs').Role, profile?: string | undefined }} how
 * @param {(caller: PeerProcess, listener: PeerProcess) => Promise<T>} use
 * @returns {Promise<T>}
 * @throws {Error} with what went wrong, and the last words of all who took part
 */
export async function withPeers(contender, size, { listener, caller, profile }, use) {
  const [port, second] = [await freePort(), await freePort()];
  /** @type {PeerProcess[]} */
  const started = [];
  /** @param {string} name @param {import('./contenders.mjs').Launch} launch */
  const start = async (name, launch) => {
    const peer = new PeerProcess(name, launch);
    started.unshift(peer);
    await peer.hear('ready', START_LIMIT_MS);
    return peer;
  };
  /** @param {import('./contenders.mjs').Role} role @param {0 | 1} half of the machine */
  const launch = (role, half) => {
    const { command, args } = profiled(contender.launch(role), profile);
    const whole = [...args, role, contender.link, String(size), contender.place(role, port, second)];
    return pinned({ command, args: whole }, half);
  };
  try {
    if (contender.bridge !== undefined) await start('bridge', contender.bridge(port, second));
    const first = await start(listener, launch(listener, 0));
    return await use(await start(caller, launch(caller, 1)), first);
  } catch (error) {
    // The one that fell silent is not always the one that knows why.
    const complaints = started.map((peer) => peer.complaint).join('');
    throw new Error(`${/** @type {Error} */ (error).message}${complaints}`);
  } finally {
    // The caller first, the bridge last.
    for (const peer of started) await peer.end();
    removeSocket(port);
  }
}

/**
 * What is sent before the two know each other is lost: single bytes are sent until one arrives.
 *
 * @param {PeerProcess} sender @param {PeerProcess} receiver who says `probed`
 */
export async function meet(sender, receiver) {
  for (let attempt = 0; attempt < 200 && !sender.over && !receiver.over; attempt++) {
    sender.say('probe');
    if ((await receiver.listen('probed', 50)) !== undefined) return;
  }
  await receiver.hear('probed', 1000);
}

/** @param {import('./contenders.mjs').Launch} launch @param {string | undefined} folder */
function profiled({ command, args }, folder) {
  const node = folder !== undefined && command === process.execPath;
  return { command, args: node ? ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...args] : args };
}
