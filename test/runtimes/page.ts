// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Outcome } from './conformance-run.js';

/** One runtime as it was run. */
export interface Row {
  readonly title: string;
  readonly outcome: Outcome;
  readonly gaps: ReadonlyMap<string, string>;
  /** Over a WebSocket: docs/api-parity.md tells the gaps, which are the same everywhere. */
  readonly overWebSocket: boolean;
}

/** docs/runtimes.md */
export function page(rows: readonly Row[]): string {
  const line = ({ title, outcome, gaps }: Row) => {
    const { version, cases, failed } = outcome;
    return `| ${title} | ${version} | ${cases.length - failed.size} | ${failed.size - gaps.size} | ${gaps.size} |`;
  };
  const gapsOf = ({ title, gaps }: Row) =>
    [...new Set(gaps.values())].flatMap((reason) => {
      const names = [...gaps].filter(([, why]) => why === reason).map(([name]) => `- ${name}`);
      return [`**${title}**: ${reason}`, '', ...names, ''];
    });
  return [
    '# Runtimes',
    '',
    '<!-- Written by test/runtimes/runtimes.test.ts from what it saw: run `pnpm write-docs`, do not edit. -->',
    '',
    'One binary, of Node-API version 9, for every runtime. Each one below runs the conformance list (`test/conformance`) in a',
    'process of its own, which must end by itself; the figures are those of the run that wrote this page, on Linux x64.',
    '',
    '| runtime | version | passed | failed | known gaps |',
    '|---|---|---|---|---|',
    ...rows.map(line),
    '',
    'Rows with "WebSocket" are sessions over the WebSocket of the runtime itself, to servers in the same process.',
    '',
    '## Known gaps',
    '',
    'A failure that is not listed fails the tests, and so does a listed one that passes (`test/conformance/known-gaps.*.txt`).',
    '',
    ...rows.filter(({ overWebSocket }) => !overWebSocket).flatMap(gapsOf),
    '**Over a WebSocket**: see [api-parity.md](api-parity.md).',
    '',
    '## Where ArrayBuffers over native memory are forbidden',
    '',
    'Electron and other builds with V8 pointer compression refuse them. Then what is received is copied into memory of the',
    'JavaScript heap, once, counted as `external-buffers-forbidden`; payloads of `takeOver` likewise. `alloc` and',
    '`ShmProvider.alloc`, whose memory could not be written in place, throw `BUFFER_UNSUPPORTED`. None of the runtimes above',
    'refuses; the row "copies forced" is a Node that is told to behave as if it did. Electron itself was not run.',
    '',
  ].join('\n');
}
