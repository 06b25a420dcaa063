// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Three robots, and the server of the page that watches them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Config, Session } from '@zenoh-segments/core';
import sirv from 'sirv';
import { Robot } from './robot.js';
import { LIMIT, robotOf, STATUS, telemetrySegments } from './telemetry.js';

const PERIOD_MS = 100;
const HELP = `Three robots, and the server of the page that watches them.

  --host <address>    where to listen; 127.0.0.1 unless given. 0.0.0.0 lets other machines in, such as a phone
  --http <port>       of the page; 8080 unless given, 0 for any free one
  --websocket <port>  of the data; 10000 unless given, 0 for any free one
  --help`;

function leave(text: string, code: number): never {
  if (code === 0) console.log(text);
  else console.error(text);
  process.exit(code);
}

function optionsGiven() {
  try {
    const { values } = parseArgs({
      options: {
        host: { type: 'string', default: '127.0.0.1' },
        http: { type: 'string', default: '8080' },
        websocket: { type: 'string', default: '10000' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return leave(`${(error as Error).message}\n\n${HELP}`, 2);
  }
}

const options = optionsGiven();
if (options.help) leave(HELP, 0);
const failed = (option: string) => (error: Error) => leave(`${error.message}; see \`${option}\``, 1);

const robots = [new Robot('alder', 17, 93), new Robot('birch', 11, 71), new Robot('cedar', 7, 48)];
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
const session = await Session.open(config, { serve: { websocket: `ws/${options.host}:${options.websocket}` } }).catch(
  failed('--websocket'),
);

await session.declareSubscriber(LIMIT, {
  handler: (sample) => {
    const robot = robots.find(({ name }) => name === robotOf(sample.keyexpr()));
    const limit = Number(sample.payload().toString());
    if (robot?.limit(limit)) console.log(`${robot.name}: not faster than ${limit} m/s`);
    else console.error(`${sample.keyexpr()}: "${sample.payload()}" is no limit for anybody`);
  },
});
for (const robot of robots) {
  const keyExpr = STATUS.replace('*', robot.name);
  await session.declareQueryable(keyExpr, {
    handler: async (query) => {
      await query.reply(keyExpr, JSON.stringify(robot.status()), { encoding: 'application/json' });
      await query.finalize();
    },
  });
}

const publishers = await Promise.all(
  robots.map((robot) => session.declarePublisher(`robots/${robot.name}/telemetry`, { encoding: 'zenoh/bytes' })),
);
const driving = setInterval(() => {
  robots.forEach((robot, i) => void publishers[i]?.putSegments(telemetrySegments(robot.drive(PERIOD_MS / 1000))));
}, PERIOD_MS);

// The page is files and nothing else: any web server does.
const page = createServer(sirv(fileURLToPath(new URL('../../dashboard/dist', import.meta.url))));
page.listen(Number(options.http), options.host);
await once(page, 'listening').catch(failed('--http'));
const port = new URL(session.websocketServer?.url as string).port;
console.log(
  `http://${options.host}:${(page.address() as AddressInfo).port}/${port === '10000' ? '' : `?port=${port}`}`,
);

const stop = async () => {
  clearInterval(driving);
  page.close();
  page.closeAllConnections();
  await session.close();
  console.log('closed');
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
