// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Looks at the pictures of a camera where they are: in shared memory, if the camera is on this machine.
import { RingChannel } from '@zenoh-segments/core';
import { count, counted, program } from '../program.js';
import { Frame } from './camera.js';
import { isPicture } from './picture.js';

await program(
  `subscribe.js [--camera NAME] [--count N]
Checks each pixel of the pictures that a camera publishes.
  --camera NAME        one of them; all unless given
  --count N            ends after as many pictures`,
  { camera: { type: 'string' }, count: { type: 'string' } },
  async ({ session, values, signal }) => {
    const most = count('count', values.count);
    const subscriber = await Frame.declareSubscriber(
      session,
      { camera: values.camera },
      {
        // The newest pictures are wanted, not all of them.
        handler: new RingChannel(2),
        onInvalid: (error, sample) => console.error(`${sample.keyexpr()}: ${error.message}`),
      },
    );
    signal.addEventListener('abort', () => void subscriber.undeclare());
    console.log(`subscribed to ${subscriber.subscriber.keyExpr()}`);

    let received = 0;
    for await (const item of subscriber) {
      // Without this, the chunk would stay away from the camera's pool until the garbage collector comes.
      using _ = item;
      const { message, params, sample } = item;
      const { sequence, width, height } = message;
      const verdict = isPicture(message.pixels.toUint8Array(), Number(sequence)) ? 'right' : 'WRONG';
      const where = sample.isShm() ? 'in shared memory' : 'over the network';
      console.log(`${params.camera} #${sequence}: ${width} x ${height}, each pixel is ${verdict}, ${where}`);
      if (++received === most) break;
    }
    console.log(`${counted(received, 'picture')} received`);
  },
);
