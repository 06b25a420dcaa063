// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { openSession } from './common.mjs';

const [port] = process.argv.slice(2);
const session = await openSession({ connect: port });
await session.declareSubscriber('demo/**', { handler: () => {} });
console.log('reading');
