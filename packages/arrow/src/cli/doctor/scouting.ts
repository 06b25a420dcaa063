// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { scout, WhatAmI } from '@zenoh-segments/core';
import { type ConnectionOptions, configOf } from '../connection.js';
import { plural } from '../units.js';
import { type Finding, reasonOf } from './finding.js';

/** Nodes that are told; a network can have any number of them. */
const MOST = 100;
const CHECK = 'scouting';

/** Which nodes answer by multicast. */
export async function checkScouting(
  connection: ConnectionOptions,
  timeout: number,
  signal: AbortSignal,
): Promise<Finding> {
  const config = configOf(connection);
  if (config.getJson('scouting/multicast/enabled') === 'false') {
    return { check: CHECK, status: 'ok', text: 'multicast scouting is off: only the endpoints given are connected to' };
  }
  const nodes = new Map<string, { readonly whatami: string; readonly locators: readonly string[] }>();
  try {
    const hellos = await scout('router|peer', config, { timeout, signal });
    for await (const hello of hellos) {
      if (nodes.size >= MOST) break;
      const whatami = hello.whatami() === WhatAmI.ROUTER ? 'router' : 'peer';
      nodes.set(hello.zid().toString(), { whatami, locators: hello.locators() });
    }
    await hellos.stop();
  } catch (error) {
    return {
      check: CHECK,
      status: 'warning',
      text: `multicast does not work here: ${reasonOf(error)}`,
      advice: 'connect with -e, or choose an interface: --cfg scouting/multicast/interface:"eth0"',
    };
  }
  const facts = { nodes: [...nodes].map(([zid, node]) => ({ zid, ...node })) };
  const list = [...nodes].map(([zid, { whatami, locators }]) => `${whatami} ${zid} at ${locators.join(', ')}`);
  const text = [`${plural(nodes.size, 'node')} answered within ${timeout / 1000} s`, ...list].join('\n');
  if (nodes.size > 0 || (connection.connect ?? []).length > 0) return { check: CHECK, status: 'ok', text, facts };
  const advice =
    'connect with -e where nodes are on other networks or multicast is filtered (containers, Wi-Fi, clouds)';
  return { check: CHECK, status: 'warning', text, advice, facts };
}
