// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Session } from '@zenoh-segments/core';
import { fingerprintOf } from '../../fingerprint.js';
import { HeadServer } from '../../topic/head-server.js';
import { CliError } from '../cli-error.js';
import { HEAD_BOUNDS } from '../mcap/head-bounds.js';
import type { McapInput } from '../mcap/open.js';
import { isHeadRecord, keyOfHeadRecord } from '../mcap/sample-channel.js';
import type { Reporter } from '../reporter.js';
import type { KeyMap } from './key-map.js';

/**
 * Gives the heads of a file, wherever they stand in it, to those who ask for them below the keys that are played. They are
 * copied into memory, and given until the session is closed.
 *
 * @returns how many there are
 */
export async function serveHeads(
  input: McapInput,
  session: Session,
  keys: KeyMap,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<number> {
  const servers = new Map<string, HeadServer>();
  let heads = 0;
  let bytes = 0;
  try {
    for await (const { channel, message } of input.messages({ start: undefined, end: undefined }, isHeadRecord)) {
      if (signal.aborted) break;
      const { byteLength } = message.data;
      const key = keys.keyOf(keyOfHeadRecord(channel));
      if (key === undefined || byteLength > HEAD_BOUNDS.maxHeadBytes) continue;
      if (heads === HEAD_BOUNDS.maxHeads || bytes + byteLength > HEAD_BOUNDS.maxBytes) {
        reporter.warn('ARROW_LIMIT', `the file has more heads than ${heads}: what needs the others can't be opened`);
        break;
      }
      const name = key.toString();
      const server = servers.get(name) ?? (await HeadServer.declare(session, key, undefined, HEAD_BOUNDS));
      servers.set(name, server);
      const segments = [message.data];
      session.ledger.count('held', server.keep({ segments, byteLength, fingerprint: fingerprintOf(segments) }));
      heads++;
      bytes += byteLength;
    }
  } catch (error) {
    // Where the file is damaged is told when it is played up to there.
    if (!(error instanceof CliError)) throw error;
  }
  return heads;
}
