// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A link of a bounded speed: forwards TCP connections on one port to another, at so many bytes a second from the far end.
import { connect, createServer } from 'node:net';

const [from, to, bytesPerSecond] = process.argv.slice(2).map(Number);
const TICK_MS = 20;

createServer((near) => {
  const far = connect(to, '127.0.0.1');
  for (const [one, other] of [
    [near, far],
    [far, near],
  ]) {
    one.on('close', () => other.destroy());
    one.on('error', () => other.destroy());
  }
  near.pipe(far);
  // Reads a share each tick, so that the kernel's buffers fill as on a slow network.
  far.pause();
  const share = (bytesPerSecond * TICK_MS) / 1000;
  let allowance = 0;
  const timer = setInterval(() => {
    allowance = Math.min(allowance + share, share * 2);
    const chunk =
      far.read(Math.min(Math.floor(allowance), far.readableLength)) ?? (far.readableLength === 0 ? far.read() : null);
    if (chunk === null) return;
    allowance -= chunk.length;
    near.write(chunk);
  }, TICK_MS);
  far.on('readable', () => {});
  far.on('close', () => clearInterval(timer));
}).listen(from, '127.0.0.1', () => console.log('listening'));
