// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// The websocket server of a session, between a client and a zenoh peer: `<zenoh config> <locator>`.
import { Config, Session } from '@zenoh-segments/core';
import { serve } from './commands.mjs';

const [config, listen] = process.argv.slice(2);
if (config === undefined || listen === undefined) throw new Error('usage: <zenoh config> <locator>');
// Nothing may be dropped for a client that is slower than the publisher: the publisher is not paced.
const websocket = { listen, backlog: 4 * 2 ** 30 };
const session = await Session.open(Config.fromJson5(config), { serve: { websocket } });
await serve({});
await session.close();
