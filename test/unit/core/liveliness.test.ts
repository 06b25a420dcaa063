// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type Sample, SampleKind } from '@zenoh-segments/core';
import { withPair } from '../../support/sessions.js';
import { until } from '../../support/until.js';

test('a liveliness token that nobody holds stands until its session ends', () =>
  withPair(async (watcher, holder) => {
    const seen: string[] = [];
    const handler = (sample: Sample) => seen.push(`${SampleKind[sample.kind()]} ${sample.keyexpr()}`);
    await watcher.liveliness().declareSubscriber('live/*', { handler });
    let collected = false;
    const registry = new FinalizationRegistry(() => {
      collected = true;
    });
    await (async () => {
      await holder.liveliness().declareToken('live/dropped');
      registry.register({}, undefined);
    })();
    await until('the token is seen', () => seen.length === 1);
    await until('garbage is collected', () => {
      globalThis.gc?.();
      return collected;
    });
    // One that is undeclared now is told after whatever the collection did.
    const other = await holder.liveliness().declareToken('live/other');
    await other.undeclare();
    await until('the other is seen, coming and going', () => seen.length >= 3);
    expect(seen).toEqual(['PUT live/dropped', 'PUT live/other', 'DELETE live/other']);
    await holder.close();
    await until('its end is seen', () => seen.length === 4);
    expect(seen[3]).toBe('DELETE live/dropped');
  }));
