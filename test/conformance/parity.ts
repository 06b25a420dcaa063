// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// docs/api-parity.md out of what the cases say they cover. No jest here: the gates read this too.
import type { Case } from './case.js';
import { absent, type Coverage, type Feature, features, overWebSocket } from './features.js';
import { cases as all } from './list.js';

/**
 * Whether the gates demand a positive and a negative case for every feature, and a feature for every case. Turn it on
 * when the last row is filled, and leave it on.
 */
export const STRICT = true;

export interface ParityRow {
  readonly feature: Feature;
  readonly title: string;
  readonly positive: number;
  readonly negative: number;
}

export function parity(cases: readonly Case[] = all): ParityRow[] {
  const count = (coverage: Coverage) => cases.filter(({ covers }) => covers?.includes(coverage)).length;
  return Object.entries(features).map(([id, title]) => {
    const feature = id as Feature;
    return { feature, title, positive: count(`+${feature}`), negative: count(`-${feature}`) };
  });
}

/** What the strict gate would complain of, a line each. */
export function missing(cases: readonly Case[] = all): string[] {
  const lacks = parity(cases).flatMap(({ feature, title, positive, negative }) => {
    const polarities = [positive === 0 ? 'positive' : [], negative === 0 ? 'negative' : []].flat();
    return polarities.length === 0 ? [] : [`${title} (\`${feature}\`): no ${polarities.join(' and no ')} case`];
  });
  const mute = cases.filter(({ covers }) => covers === undefined || covers.length === 0);
  return [...lacks, ...mute.map(({ name }) => `a case that names no feature: ${name}`)];
}

/** How far a backend with these gaps gets with a feature. */
function extent(feature: Feature, gaps: ReadonlyMap<string, string>, cases: readonly Case[]): string {
  const covering = cases.filter(({ covers = [] }) => covers.some((coverage) => coverage.slice(1) === feature));
  const held = covering.filter(({ name }) => !gaps.has(name));
  if (covering.length === 0) return 'no case yet';
  if (held.length === covering.length) return 'yes';
  // That what is not there refuses what it must is no part of it.
  if (!held.some(({ covers }) => covers?.includes(`+${feature}`))) return 'no';
  return `partly (${held.length} of ${covering.length} cases)`;
}

/** The reasons, each with its cases. */
function told(gaps: ReadonlyMap<string, string>): string[] {
  return [...new Set(gaps.values())].flatMap((reason) => {
    const names = [...gaps].filter(([, why]) => why === reason).map(([name]) => `- ${name}`);
    return [reason, '', ...names, ''];
  });
}

/** docs/api-parity.md. @param gaps of sessions over a WebSocket */
export function parityPage(gaps: ReadonlyMap<string, string>, cases: readonly Case[] = all): string {
  const line = ({ feature, title, positive, negative }: ParityRow) =>
    `| ${title} | ${extent(feature, new Map(), cases)} | ${extent(feature, gaps, cases)} | ${positive} / ${negative} |`;
  const notes = (about: Partial<Record<Feature, string>>) =>
    Object.entries(about).map(([feature, note]) => `- ${features[feature as Feature]}: ${note}`);
  const lacks = missing(cases);
  return [
    "# Parity with zenoh's API",
    '',
    '<!-- Written by test/conformance/parity.test.ts from the conformance list: run `pnpm write-docs`, do not edit. -->',
    '',
    'What zenoh 1.10 offers to a program (`test/conformance/features.ts`), and the conformance cases that judge it. A positive',
    'case shows that the feature does what it says, a negative one that it refuses, bounds or ends what it must. A feature may',
    'be tested elsewhere too (`test/interop`, `test/unit`); only the list that every backend runs counts here. "no" is where',
    'no positive case passes.',
    '',
    '| feature | native | websocket | cases +/- |',
    '|---|---|---|---|',
    ...parity(cases).map(line),
    '',
    'Over a WebSocket:',
    '',
    ...notes(overWebSocket),
    '',
    '## What a session over a WebSocket lacks',
    '',
    "The protocol is zenoh's remote-api 1.10, which zenoh-ts and zenoh-plugin-remote-api speak. These cases fail there, and are",
    'known to (`test/conformance/known-gaps.websocket.txt`): one that passes fails the tests, as does any other that fails.',
    '',
    ...told(gaps),
    '## Left out',
    '',
    ...notes(absent),
    '',
    '## Missing',
    '',
    ...(lacks.length === 0 ? ['Nothing.'] : lacks.map((lack) => `- ${lack}`)),
    '',
  ].join('\n');
}
