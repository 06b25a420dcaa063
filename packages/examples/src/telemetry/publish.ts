// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A robot that tells how it is, on the topic of telemetry.capnp.
import { Robot } from '../dashboard/robot.js';
import { count, counted, pause, program } from '../program.js';
import { Mode, Telemetry } from './telemetry.js';

const RAYS = 360;

await program(
  `publish.js [--robot NAME] [--count N] [--period MS]
Publishes what a robot measures.
  --robot NAME         r1 unless given
  --count N            how many messages; without end unless given
  --period MS          time between two messages; 100 unless given`,
  { robot: { type: 'string', default: 'r1' }, count: { type: 'string' }, period: { type: 'string', default: '100' } },
  async ({ session, values, signal }) => {
    const [most, period] = [count('count', values.count), count('period', values.period)];
    const robot = new Robot(values.robot, 17, 93);
    const publisher = await Telemetry.declarePublisher(session, { robot: robot.name });
    console.log(`publishing on ${publisher.publisher.keyExpr()}`);

    let published = 0;
    while (published < most && !signal.aborted) {
      const { sequence, speed, battery, temperature } = robot.drive(period / 1000);
      // The message is built where it stays: zenoh is given its segments.
      await publisher.put((telemetry) => {
        telemetry.sequence = BigInt(sequence);
        telemetry.time = BigInt(Date.now()) * 1_000_000n;
        telemetry.mode = battery > 99 ? Mode.CHARGING : Mode.DRIVING;
        telemetry.speed = speed;
        telemetry.battery = battery;
        telemetry.temperature = temperature;
        const distances = telemetry._initDistances(RAYS);
        for (let ray = 0; ray < RAYS; ray++) distances.set(ray, wallAt(ray));
      });
      published++;
      if (published < most) await pause(period, signal);
    }
    console.log(`${counted(published, 'message')} published`);
  },
);

/** The distance of the wall around a robot that stands in the middle of a room of 8 by 8 metres. */
function wallAt(degrees: number): number {
  const radians = (degrees * Math.PI) / 180;
  return 4 / Math.max(Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians)));
}
