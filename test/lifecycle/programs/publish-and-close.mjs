// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { openSession } from './common.mjs';

const session = await openSession();
const publisher = await session.declarePublisher('demo/a');
await publisher.put('x');
await session.close();
console.log('closed');
