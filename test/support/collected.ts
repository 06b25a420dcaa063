// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { until } from './until.js';

/** Fails unless every object is collected: nothing of ours may keep it. Needs --expose-gc. */
export async function collected(what: string, refs: readonly WeakRef<object>[]): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run the tests with --expose-gc');
  await until(`${what} are collected (${refs.length})`, () => {
    gc();
    return refs.every((ref) => ref.deref() === undefined);
  });
}
