// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A camera whose pictures are taken into shared memory, inside of the message that is sent: zenoh passes a descriptor on, and
// nobody copies a pixel.
import { shmAllocator } from '@zenoh-segments/capnp';
import { ShmProvider } from '@zenoh-segments/core';
import { count, counted, pause, program } from '../program.js';
import { Frame, PixelFormat } from './camera.js';
import { takePicture } from './picture.js';

const [WIDTH, HEIGHT] = [640, 480];
const BYTES = WIDTH * HEIGHT * 3;
/** What a frame is besides its pixels, with room to spare. */
const FIELDS = 1024;

await program(
  `publish.js [--camera NAME] [--count N] [--period MS]
Publishes pictures of ${WIDTH} x ${HEIGHT} pixels, through shared memory for subscribers on this machine.
  --camera NAME        c1 unless given
  --count N            how many pictures; without end unless given
  --period MS          time between two pictures; 33 unless given`,
  { camera: { type: 'string', default: 'c1' }, count: { type: 'string' }, period: { type: 'string', default: '33' } },
  async ({ session, values, signal }) => {
    const [most, period] = [count('count', values.count), count('period', values.period)];
    const publisher = await Frame.declarePublisher(session, { camera: values.camera });
    const pool = new ShmProvider({ size: 16 * (BYTES + FIELDS) });
    console.log(`publishing on ${publisher.publisher.keyExpr()}`);

    let [taken, skipped] = [0, 0];
    while (taken < most && !signal.aborted) {
      // Given back at the end of the block: to the pool, as soon as no subscriber reads it any more.
      using memory = shmAllocator(pool, { chunkBytes: BYTES + FIELDS });
      const sequence = taken++;
      try {
        await publisher.put(
          (frame) => {
            frame.sequence = BigInt(sequence);
            frame.time = BigInt(Date.now()) * 1_000_000n;
            frame.width = WIDTH;
            frame.height = HEIGHT;
            frame.format = PixelFormat.RGB8;
            // A view of the shared memory itself.
            takePicture(frame._initPixels(BYTES).toUint8Array(), sequence);
          },
          { allocator: memory },
        );
      } catch (error) {
        // Subscribers still read all that the pool has: this picture is too late.
        if ((error as { code?: string }).code !== 'SHM_EXHAUSTED') throw error;
        skipped++;
      }
      if (taken < most) await pause(period, signal);
    }
    console.log(`${counted(taken, 'picture')} taken, ${skipped} of them skipped for want of shared memory`);
  },
);
