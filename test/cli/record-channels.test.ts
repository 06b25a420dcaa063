// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { FifoChannel, type Sample, Session } from '@zenoh-segments/core';
import { freePort, listening } from '../support/sessions.js';
import { withFolder } from './data.js';
import { compressor, McapFile, OutputFile, RecordedHeads, Recorder, Reporter } from './internals.js';
import { readMcap } from './mcap.js';

/** What a session puts to itself, recorded into a file with so many channels at most. */
async function recorded(most: number, puts: readonly (readonly [key: string, attachment?: string])[]) {
  return withFolder(async (folder) => {
    const path = `${folder}/run.mcap`;
    const output = await OutputFile.create(path, false, new AbortController().signal);
    const file = new McapFile(output, await compressor('none'), 2 ** 20, most);
    const reporter = new Reporter('record', { quiet: true });
    const warnings: (string | undefined)[] = [];
    reporter.warn = (code) => void warnings.push(code);
    await file.start('test');
    const session = await Session.open(listening(await freePort()));
    const recorder = new Recorder(file, reporter);
    try {
      const heads = new RecordedHeads(session, file, reporter);
      const subscriber = await session.declareSubscriber('**', { handler: new FifoChannel<Sample>(64) });
      for (const [i, [key, attachment]] of puts.entries()) await session.put(key, `${i}`, { attachment });
      let left = puts.length;
      for await (const sample of subscriber) {
        using received = sample;
        await recorder.add(received, heads);
        if (--left === 0) break;
      }
    } finally {
      await session.close();
    }
    await file.flush();
    await file.finish();
    await output.close();
    const messages = (await readMcap(path)).map(
      ({ channel, message }) => `${channel.topic} ${Buffer.from(message.data)}`,
    );
    const { samples, unrecorded, keys } = recorder;
    return { messages, warnings, samples, unrecorded, keys };
  });
}

test('a file that has all its channels takes samples of those it has, and the others are counted and told once', async () => {
  const puts = [['a'], ['b'], ['c'], ['a'], ['d'], ['b']] as const;
  expect(await recorded(2, puts)).toEqual({
    messages: ['a 0', 'b 1', 'a 3', 'b 5'],
    warnings: ['TOO_MANY_KEYS'],
    samples: 4,
    unrecorded: 2,
    keys: 2,
  });
});

test('a sample whose attachment finds no channel is left out whole, and takes no channel from others', async () => {
  const puts = [['a', 'x'], ['b', 'y'], ['c'], ['c', 'z'], ['a', 'v']] as const;
  expect(await recorded(3, puts)).toEqual({
    messages: ['a#attachment x', 'a 0', 'c 2', 'a#attachment v', 'a 4'],
    warnings: ['TOO_MANY_KEYS'],
    samples: 3,
    unrecorded: 2,
    keys: 2,
  });
});
