// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The page: subscribes to the robots, and shows what comes as often as the screen does.
import { Config, Session } from '@zenoh-segments/core';
import { readTelemetry, robotOf, TELEMETRY, type Telemetry } from '../src/dashboard/telemetry.js';
import { showWaiting, watchConnection } from './badge.js';
import { showBytes } from './bytes.js';
import { Chart } from './chart.js';
import { Row } from './table.js';
import { addRobot, enableTalk } from './talk.js';

const RETRY_MS = 1000;

/** A session that was open once finds its way back by itself; the first connection is made here. */
async function openSession(): Promise<Session> {
  const port = new URLSearchParams(location.search).get('port') ?? '10000';
  const config = new Config(`ws/${location.hostname}:${port}`);
  for (;;) {
    try {
      return await Session.open(config);
    } catch (error) {
      showWaiting(error as Error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const session = await openSession();
await watchConnection(session);

const chart = new Chart();
const rows = new Map<string, Row>();
const latest = new Map<Row, Telemetry>();

const subscriber = await session.declareSubscriber(TELEMETRY, {
  handler: (sample) => {
    const name = robotOf(sample.keyexpr());
    const telemetry = readTelemetry(sample.payload());
    let row = rows.get(name);
    if (row === undefined) {
      row = new Row(name);
      rows.set(name, row);
      addRobot(name);
    }
    row.count(telemetry);
    latest.set(row, telemetry);
    chart.add(name, telemetry.speed);
  },
});
enableTalk(session);

function show(): void {
  for (const [row, telemetry] of latest) row.show(telemetry);
  latest.clear();
  chart.draw();
  showBytes(session.ledger, subscriber.ledger);
  requestAnimationFrame(show);
}
requestAnimationFrame(show);
