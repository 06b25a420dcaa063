// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { escapeControls } from '../escape.js';
import { jsonLine } from '../json-line.js';
import { amount, percent, perSecond, plural } from '../units.js';
import type { KeyFacts } from './key-facts.js';
import type { NetworkFacts } from './network.js';

/** What `--json` tells of a key. */
export function keyJson(facts: KeyFacts, seconds: number): string {
  const { key, samples, rows, bytes, deletions, schemas, otherSchemas, sources, encodings, skipped } = facts;
  return jsonLine({
    event: 'key',
    key,
    seconds,
    samples,
    rows,
    bytes,
    samplesPerSecond: samples / seconds,
    rowsPerSecond: rows / seconds,
    bytesPerSecond: bytes / seconds,
    shmShare: samples === 0 ? 0 : facts.shm / samples,
    deletions,
    encodings: Object.fromEntries(encodings),
    schemas: [...schemas.values()],
    otherSchemas,
    skipped: Object.fromEntries(skipped),
    sources: sources.ids,
    missing: sources.missing,
  });
}

export function networkJson(network: NetworkFacts): string {
  return jsonLine({ event: 'network', ...network });
}

/** The same for people, safe for a terminal. */
export function keyLines(facts: KeyFacts, seconds: number): string[] {
  const { key, samples, rows, bytes, shm, deletions, schemas, otherSchemas, sources, encodings, skipped } = facts;
  const rate = (count: number) => perSecond(count / seconds);
  const lines = [
    key,
    `  ${plural(samples, 'sample')} (${rate(samples)}/s), ${plural(rows, 'row')} (${rate(rows)}/s), ` +
      `${amount(bytes)} (${amount(bytes / seconds)}/s), ${percent(samples === 0 ? 0 : shm / samples)} by shared memory`,
  ];
  if (deletions > 0) lines.push(`  ${plural(deletions, 'deletion')}`);
  lines.push(`  encoding ${counted(encodings)}`);
  if (sources.ids.length > 0) lines.push(`  publishers ${sources.ids.join(', ')}; ${sources.missing} samples missing`);
  if (skipped.size > 0) lines.push(`  no Arrow data: ${counted(skipped)}`);
  if (schemas.size > 1) lines.push(`  ${schemas.size} schemas on this key`);
  for (const { fingerprint, columnCount, columns, samples: times } of schemas.values()) {
    const share = schemas.size > 1 ? `, ${plural(times, 'sample')}` : '';
    lines.push(`  schema ${fingerprint}, ${plural(columnCount, 'column')}${share}`);
    lines.push(...columns.map((column) => `    ${column}`));
    if (columnCount > columns.length) lines.push(`    and ${columnCount - columns.length} more`);
  }
  if (otherSchemas > 0) lines.push(`  and other schemas, ${plural(otherSchemas, 'sample')}`);
  return lines.map(escapeControls);
}

export function networkLines({ zid, nodes, publishers }: NetworkFacts): string[] {
  const list = [
    `this node ${zid}, connected to ${plural(nodes.length, 'node')}`,
    ...nodes.map((node) => `  ${node.whatami} ${node.zid}, ${node.shm ? 'shared memory' : 'bytes'}`),
    ...publishers.map(({ key, source }) => `  publisher ${source} on ${key}`),
  ];
  return list.map(escapeControls);
}

function counted(counts: ReadonlyMap<string, number>): string {
  return counts.size === 1
    ? [...counts.keys()].join()
    : [...counts].map(([text, times]) => `${text} (${times})`).join(', ');
}
