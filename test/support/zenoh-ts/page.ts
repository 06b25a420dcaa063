// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Difference } from './compare.js';
import { REASONS } from './reasons.js';

/** The text of docs/zenoh-ts-differences.md. */
export function page(found: ReadonlyMap<string, Difference>): string {
  const sections = REASONS.map(({ title, why, names }) => {
    const rows = names.map((name) => {
      const { theirs = '', ours } = found.get(name) ?? {};
      return `| ${code(name)} | ${code(theirs)} | ${ours === undefined ? 'missing' : code(ours)} |\n`;
    });
    return `## ${title}\n\n${why}\n\n| name | zenoh-ts | here |\n|---|---|---|\n${rows.join('')}`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

const HEAD = `# Programs written for zenoh-ts

<!-- Generated from test/support/zenoh-ts/reasons.ts by \`UPDATE_ZENOH_TS_PAGE=1 pnpm test zenoh-ts\`: edit that list. -->

A program written for \`@eclipse-zenoh/zenoh-ts\` 1.10 runs here after two changes: the import, and the config.

\`\`\`ts
import { Config, Session } from '@zenoh-segments/core'; // was '@eclipse-zenoh/zenoh-ts'

const config = new Config(); // was new Config('ws/127.0.0.1:10000')
config.insertJson5('connect/endpoints', '["tcp/127.0.0.1:7447"]');
const session = await Session.open(config);
\`\`\`

This page lists whatever else differs in the public names of zenoh-ts 1.10.1, their members, parameters and results. What is
only here (segments, shared memory, ledgers, bounds, ...) is not on it.

The same names also do some things in another way:

- Every error is a \`CoreError\` with a \`code\`.
- The text of a \`ZenohId\` is zenoh's own, without the zeros that zenoh-ts writes before it.
- An open session by itself does not keep the process alive: its subscribers, queryables and gets do, until \`unref()\`.
`;
