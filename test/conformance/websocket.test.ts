// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { knownGaps } from './known-gaps.js';
import { runList } from './suite.js';
import { embedded, overWebSocket } from './websocket.js';

runList('websocket', overWebSocket(embedded), knownGaps('websocket'));
