// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ChannelReceiver } from './channels.js';
import type { CoreError } from './errors.js';

/** A stream that holds nothing back: the channel's own bounds and policy are the only ones. */
export function streamOf<T>(receiver: ChannelReceiver<T>, cancel: () => Promise<void>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        try {
          controller.enqueue(await receiver.receive());
        } catch (error) {
          if ((error as CoreError).code !== 'RECEIVER_CLOSED') throw error;
          controller.close();
        }
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
}

/** A stream whose every chunk is put; the next is taken when that one has gone out. */
export function sinkOf<T>(put: (chunk: T) => Promise<unknown>): WritableStream<T> {
  return new WritableStream<T>({
    async write(chunk) {
      await put(chunk);
    },
  });
}
