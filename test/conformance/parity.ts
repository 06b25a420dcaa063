// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// docs/api-parity.md out of what the cases say they cover. No jest here: the gates read this too.
import type { Case } from './case.js';
import { absent, type Coverage, type Feature, features } from './features.js';
import { conformance } from './list.js';

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

const all: readonly Case[] = Object.values(conformance).flat();

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

/** docs/api-parity.md */
export function parityPage(cases: readonly Case[] = all): string {
  const line = ({ title, positive, negative }: ParityRow) =>
    `| ${title} | ${positive > 0 ? 'yes' : 'no case yet'} | not yet | ${positive} / ${negative} |`;
  const lacks = missing(cases);
  return [
    "# Parity with zenoh's API",
    '',
    '<!-- Written by test/conformance/parity.test.ts from the conformance list: run `pnpm write-docs`, do not edit. -->',
    '',
    'What zenoh 1.10 offers to a program (`test/conformance/features.ts`), and the conformance cases that judge it. A positive',
    'case shows that the feature does what it says, a negative one that it refuses, bounds or ends what it must. A feature may',
    'be tested elsewhere too (`test/interop`, `test/unit`); only the list that every backend runs counts here.',
    '',
    '| feature | native | websocket | cases +/- |',
    '|---|---|---|---|',
    ...parity(cases).map(line),
    '',
    '## Left out',
    '',
    ...Object.entries(absent).map(([feature, why]) => `- ${features[feature as Feature]}: ${why}`),
    '',
    '## Missing',
    '',
    ...(lacks.length === 0 ? ['Nothing.'] : lacks.map((lack) => `- ${lack}`)),
    '',
  ].join('\n');
}
