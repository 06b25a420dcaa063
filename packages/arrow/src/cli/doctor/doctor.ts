// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Session } from '@zenoh-segments/core';
import pc from 'picocolors';
import type { ConnectionOptions } from '../connection.js';
import { configOf } from '../connection.js';
import { escapeControls } from '../escape.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { GivenUp, unlessHeldUp } from '../given-up.js';
import { jsonLine } from '../json-line.js';
import type { Reporter } from '../reporter.js';
import { ReaderGone, StandardOutput } from '../sub/sink.js';
import { plural } from '../units.js';
import { checkClock } from './clock.js';
import { checkEndpoint } from './endpoint.js';
import { type Finding, reasonOf, type Status } from './finding.js';
import { checkScouting } from './scouting.js';
import { checkShm } from './shared-memory.js';
import { checkAddon } from './versions.js';

/** The arguments of `doctor`. */
export interface DoctorOptions {
  readonly connection: ConnectionOptions;
  /** Milliseconds for each thing that may not answer. */
  readonly timeout: number;
  /** Remove what killed processes left behind. */
  readonly clean: boolean;
  readonly json: boolean;
}

/** Checks everything, one after the other, and tells each result when it is there. */
export async function doctor(options: DoctorOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  // A wrong configuration is the user's to correct before anything can be told.
  configOf(options.connection);
  const sink = new StandardOutput(signal);
  let underway = '';
  const counts = { ok: 0, warning: 0, fault: 0 };
  try {
    const all = findings(options, signal, (check) => {
      underway = check;
    });
    for (;;) {
      const next = unlessHeldUp(all.next(), signal, () => `the check of ${underway}`, 0);
      const { done, value: finding } = await next;
      if (done === true || signal.aborted) break;
      counts[finding.status]++;
      const lines = options.json ? [jsonLine({ event: 'check', ...finding })] : linesOf(finding);
      await sink.write([`${lines.join('\n')}\n`]);
    }
  } catch (error) {
    if (error instanceof GivenUp) reporter.givenUp(error);
    else if (!(error instanceof ReaderGone)) throw error;
  }
  const { ok, warning, fault } = counts;
  reporter.ended({ ok, warnings: warning, faults: fault, interrupted: signal.aborted }, textOf(counts, signal.aborted));
  return fault === 0 ? EXIT.ok : EXIT.error;
}

function textOf({ ok, warning, fault }: Readonly<Record<Status, number>>, interrupted: boolean): string {
  const list = `${plural(fault, 'fault')}, ${plural(warning, 'warning')}, ${ok} ok`;
  return interrupted ? `interrupted after ${list}` : list;
}

/** @param begins told of each check that may take time. */
async function* findings(
  options: DoctorOptions,
  signal: AbortSignal,
  begins: (check: string) => void,
): AsyncGenerator<Finding, undefined> {
  const { connection, timeout, clean } = options;
  yield checkClock();
  begins('the addon');
  const session = await openAlone(connection);
  if (!(session instanceof Session)) {
    yield session;
    return;
  }
  try {
    yield await checkAddon(session);
    begins('shared memory');
    yield* await checkShm(session, clean);
  } finally {
    await session.close();
  }
  for (const endpoint of endpointsOf(connection)) {
    begins(endpoint);
    yield await checkEndpoint(endpoint, connection, timeout, signal);
  }
  begins('scouting');
  yield await checkScouting(connection, timeout, signal);
}

/** Those of flags or of the configuration; there they may also be given for each mode, and these are not looked at. */
function endpointsOf(connection: ConnectionOptions): readonly string[] {
  const endpoints: unknown = JSON.parse(configOf(connection).getJson('connect/endpoints'));
  return Array.isArray(endpoints) ? endpoints.filter((endpoint) => typeof endpoint === 'string') : [];
}

/** A session that meets nobody, and says of itself what it is. */
async function openAlone({ cfg }: ConnectionOptions): Promise<Session | Finding> {
  try {
    const config = configOf({ cfg: [...(cfg ?? []), ...ALONE], multicastScouting: false });
    return await Session.open(config);
  } catch (error) {
    const advice = ADVICE.find(([code]) => reasonOf(error).includes(code))?.[1];
    const finding: Finding = { check: 'addon', status: 'fault', text: `no session can be opened: ${reasonOf(error)}` };
    return advice === undefined ? finding : { ...finding, advice };
  }
}

const ALONE = [
  'mode:"peer"',
  'connect/endpoints:[]',
  'listen/endpoints:[]',
  'scouting/gossip/enabled:false',
  'adminspace/enabled:true',
];

const ADVICE: readonly (readonly [code: string, advice: string])[] = [
  ['SHM_LOCK_LIMIT', 'raise `ulimit -l`, or do without shared memory: --cfg transport/shared_memory/enabled:false'],
  ['ADDON_LOAD', 'install the package for this platform as the message says'],
];

const SIGNS: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'warning', fault: 'fault' };

function linesOf({ check, status, text, advice }: Finding): string[] {
  const colors = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);
  const paint = { ok: colors.green, warning: colors.yellow, fault: colors.red }[status];
  const [first = '', ...rest] = text.split('\n').map(escapeControls);
  const lines = [
    `${paint(SIGNS[status].padEnd(8))} ${escapeControls(check)}: ${first}`,
    ...rest.map((line) => `${INDENT}${line}`),
  ];
  if (advice !== undefined) lines.push(`${INDENT}-> ${escapeControls(advice)}`);
  return lines;
}

const INDENT = ' '.repeat(9);
