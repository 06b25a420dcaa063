// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { connect } from 'node:net';
import { Session, WhatAmI } from '@zenoh-segments/core';
import { type ConnectionOptions, configOf } from '../connection.js';
import { milliseconds } from '../units.js';
import { type Finding, reasonOf } from './finding.js';
import { zenohVersion } from './versions.js';

/** Protocols over TCP, whose port can be tried. */
const OVER_TCP = ['tcp', 'tls', 'ws', 'wss'];

/** Whether an endpoint can be reached, whether it speaks zenoh, and who it is. Never longer than about twice `timeout`. */
export async function checkEndpoint(
  endpoint: string,
  connection: ConnectionOptions,
  timeout: number,
  signal: AbortSignal,
): Promise<Finding> {
  const check = endpoint;
  const [protocol, host, port] = partsOf(endpoint);
  const started = performance.now();
  if (OVER_TCP.includes(protocol)) {
    const refused = await tryTcp(host, Number(port), timeout, signal);
    if (refused !== undefined) {
      return {
        check,
        status: 'fault',
        text: `nothing accepts connections there: ${refused}`,
        advice:
          'is zenohd or the peer running, listening on an address of that machine (not 127.0.0.1), and let through by firewalls?',
        facts: { reachable: false },
      };
    }
  }
  const connected = performance.now() - started;
  try {
    return await openThere(endpoint, connection, timeout, connected);
  } catch (error) {
    return {
      check,
      status: 'fault',
      text: `no zenoh session with it: ${reasonOf(error)}`,
      advice: OVER_TCP.includes(protocol)
        ? 'something listens there: is it zenoh, of version 1, and do TLS and access control let this node in?'
        : 'is zenohd or the peer running there, and let through by firewalls?',
      facts: { reachable: OVER_TCP.includes(protocol) ? true : null, session: false },
    };
  }
}

/** `tcp/[::1]:7447?rel=1` is tcp, ::1 and 7447. */
function partsOf(endpoint: string): [protocol: string, host: string, port: string] {
  const [, protocol = '', v6, name = '', port = ''] = /^([a-z]+)\/(?:\[([^\]]+)\]|([^?#]*)):(\d+)/.exec(endpoint) ?? [];
  return [protocol, v6 ?? name, port];
}

/** The reason when it can't be reached. */
function tryTcp(host: string, port: number, timeout: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout, signal });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.on('connect', () => end());
    socket.on('timeout', () => end(`no answer within ${timeout / 1000} s`));
    socket.on('error', (error) => end(reasonOf(error)));
  });
}

async function openThere(
  endpoint: string,
  connection: ConnectionOptions,
  timeout: number,
  connected: number,
): Promise<Finding> {
  const session = await Session.open(configOf(alone(endpoint, connection, timeout)));
  try {
    const [node] = await (await session.info()).transports();
    if (node === undefined) throw new Error('it was opened, and closed again by the other side');
    const zid = node.zid().toString();
    const whatami = NAMES[node.whatami()] ?? 'node';
    const shm = node.isShm();
    const version = await zenohVersion(session, zid, Math.min(timeout, ANSWER_MS));
    const facts = { reachable: true, session: true, zid, whatami, shm, version: version ?? null, connectMs: connected };
    const text =
      `${whatami} ${zid}, ${version === undefined ? 'of unknown version' : `zenoh ${version}`}, ` +
      `connected in ${milliseconds(connected)} ms; shared memory ${shm ? 'agreed on' : 'not agreed on: tables go as bytes'}`;
    return { check: endpoint, status: 'ok', text, facts };
  } finally {
    // A peer that does not answer keeps nothing open here.
    await session.close().catch(() => {});
  }
}

const ANSWER_MS = 1000;
const NAMES: Readonly<Record<number, string>> = {
  [WhatAmI.ROUTER]: 'router',
  [WhatAmI.PEER]: 'peer',
  [WhatAmI.CLIENT]: 'client',
};

/** As configured, but a client of that endpoint alone that gives up in time. */
function alone(endpoint: string, { config, cfg }: ConnectionOptions, timeout: number): ConnectionOptions {
  const limits = [
    'mode:"client"',
    'listen/endpoints:[]',
    `connect/timeout_ms:${timeout}`,
    'connect/exit_on_failure:true',
    `transport/unicast/open_timeout:${timeout}`,
  ];
  const options = { connect: [endpoint], cfg: [...(cfg ?? []), ...limits], multicastScouting: false };
  return config === undefined ? options : { ...options, config };
}
