// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import process, { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

/** The part of the addon's raw surface that tests judge by: zenoh's own rules, and the native side's own counters. */
export interface RawAddon {
  counters(): { liveBorrowed: number; held: number; regions: number };
  heldProbe(segments: readonly Uint8Array[]): number;
  keyexprCheck(text: string): string;
  keyexprCanonize(text: string): string;
  keyexprJoin(left: string, right: string): string;
  keyexprConcat(left: string, right: string): string;
  keyexprRelation(left: string, right: string): number;
  configDefault(): object;
  sessionZid(session: object): string;
  sessionIsClosed(session: unknown): boolean;
}

/** As packages/core finds it. */
export const addonPath =
  process.env.ZENOH_SEGMENTS_ADDON ??
  fileURLToPath(new URL(`../../packages/core/prebuilt/${platform}-${arch}/zenoh-segments.node`, import.meta.url));

const module = { exports: {} };
process.dlopen(module, addonPath);
export const rawAddon = module.exports as RawAddon;
