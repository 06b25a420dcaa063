// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import process from 'node:process';
import { describe } from '@jest/globals';
import { knownGaps } from '../conformance/known-gaps.js';
import { runList } from '../conformance/suite.js';
import { overWebSocket } from '../conformance/websocket.js';
import { pluginBinary, withPlugin } from '../support/remote-api-plugin.js';

// Sessions over a WebSocket against zenoh's own server: the very list, and the very gaps, as with ours.

const binary = pluginBinary();
if (binary === undefined) {
  process.stderr.write("zenoh's remote-api plugin is missing, its tests are skipped: `pnpm bench` compiles it\n");
}

const run = binary === undefined ? describe.skip : describe;
run("zenoh's plugin", () => {
  runList('plugin', overWebSocket(withPlugin(binary ?? '')), knownGaps('websocket'));
});
