// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ReplyError, type Session } from '@zenoh-segments/core';
import type { Finding } from './finding.js';

const ANSWER_MS = 1000;

/** The session is open, so the addon works: which one it is, and the versions of all parts. */
export async function checkAddon(session: Session): Promise<Finding> {
  const require = createRequire(import.meta.url);
  const versionOf = (manifest: string) => (require(manifest) as { version: string }).version;
  // Its manifest is none of its exports, but lies beside its entry.
  const arrow = join(dirname(require.resolve('apache-arrow')), 'package.json');
  const zenoh = await zenohVersion(session, session.zid().toString(), ANSWER_MS);
  const facts = {
    'zenoh-arrow': versionOf('../../../package.json'),
    '@zenoh-segments/core': versionOf('@zenoh-segments/core/package.json'),
    'apache-arrow': versionOf(arrow),
    zenoh: zenoh ?? 'unknown',
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    addon: addonPath() ?? 'unknown',
  };
  const text = Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return { check: 'addon', status: 'ok', text, facts };
}

/** What a node says of itself in its admin space, which may be switched off there. */
export async function zenohVersion(session: Session, zid: string, timeout: number): Promise<string | undefined> {
  for await (const reply of await session.get(`@/${zid}/*`, { timeout })) {
    const result = reply.result();
    if (result instanceof ReplyError) continue;
    const version = /"version"\s*:\s*"v?([^" ]{1,60})/.exec(result.payload().toString().slice(0, 65_536))?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** The report also lists network addresses, which takes long where names do not resolve. */
function addonPath(): string | undefined {
  const { report } = process;
  if (report === undefined) return undefined;
  (report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { sharedObjects = [] } = report.getReport() as { sharedObjects?: string[] };
  return sharedObjects.find((path) => path.endsWith('zenoh-segments.node'));
}
