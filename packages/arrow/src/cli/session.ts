// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Config, Session } from '@zenoh-segments/core';
import { CliError, codeOf } from './cli-error.js';
import { GivenUp, unlessHeldUp } from './given-up.js';
import type { Reporter } from './reporter.js';

/**
 * Opens the session of a verb.
 *
 * @throws {CliError} `OPEN_FAILED` for a client that reaches no router
 * @throws {CoreError} `OPEN_FAILED` and others of `Session.open`
 * @throws {GivenUp} after a signal
 */
export async function openSession(config: Config, interrupt: AbortSignal): Promise<Session> {
  try {
    return await unlessHeldUp(Session.open(config), interrupt, () => 'the connection that was being made', 0);
  } catch (error) {
    if (codeOf(error) !== 'OPEN_FAILED' || config.getJson('mode') !== '"client"') throw error;
    throw new CliError('OPEN_FAILED', `${withoutRouter(config)} (zenoh: ${(error as Error).message.trim()})`, {
      cause: error,
    });
  }
}

/** Why a client has no session, and what to give. */
function withoutRouter(config: Config): string {
  const endpoints = JSON.parse(config.getJson('connect/endpoints')) as unknown;
  if (Array.isArray(endpoints) && endpoints.length > 0) {
    const list = endpoints.map(String).join(', ');
    return (
      `a client needs a router, and none could be reached at ${list}: start one there (zenohd), give the address of ` +
      `another one (-e tcp/HOST:7447), or ask zenoh-arrow doctor -e ${endpoints[0]}`
    );
  }
  const scouted =
    config.getJson('scouting/multicast/enabled') === 'false'
      ? 'multicast scouting is off and no address is given'
      : 'none answered by multicast';
  return `a client needs a router, and ${scouted}: give its address with -e, such as -e tcp/192.168.1.2:7447`;
}

/**
 * Closes it, which hands over what was put. After a signal that is not waited for for long: then it tells.
 *
 * @throws {CoreError} `CLOSE_TIMEOUT`
 */
export async function closeSession(session: Session, interrupt: AbortSignal, reporter: Reporter): Promise<void> {
  try {
    await unlessHeldUp(session.close(), interrupt, () => 'what a node on the network did not take before the end');
  } catch (error) {
    if (error instanceof GivenUp) reporter.givenUp(error);
    else if (!interrupt.aborted) throw error;
  }
}
