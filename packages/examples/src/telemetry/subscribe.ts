// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Reads what robots publish, where it was received.
import { count, counted, program } from '../program.js';
import { Mode, Telemetry } from './telemetry.js';

await program(
  `subscribe.js [--robot NAME] [--count N]
Prints what robots publish.
  --robot NAME         one of them; all unless given
  --count N            ends after as many messages`,
  { robot: { type: 'string' }, count: { type: 'string' } },
  async ({ session, values, signal }) => {
    const most = count('count', values.count);
    const subscriber = await Telemetry.declareSubscriber(
      session,
      { robot: values.robot },
      { onInvalid: (error, sample) => console.error(`${sample.keyexpr()}: ${error.message}`) },
    );
    signal.addEventListener('abort', () => void subscriber.undeclare());
    console.log(`subscribed to ${subscriber.subscriber.keyExpr()}`);

    let received = 0;
    for await (const item of subscriber) {
      // Gives the memory back at the end of the block.
      using _ = item;
      const { message, params } = item;
      const nearest = Math.min(...message.distances);
      const state = message.mode === Mode.CHARGING ? 'charging' : `${message.speed.toFixed(2)} m/s`;
      console.log(
        `${params.robot} #${message.sequence}: ${state}, battery ${message.battery.toFixed(1)} %, ` +
          `${message.temperature.toFixed(1)} °C, nearest wall at ${nearest.toFixed(2)} m`,
      );
      if (++received === most) break;
    }
    console.log(`${counted(received, 'message')} received`);
  },
);
