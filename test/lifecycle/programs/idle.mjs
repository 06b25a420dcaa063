// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// An open session without subscribers must not keep the process alive.
import { openSession } from './common.mjs';

const session = await openSession();
await session.declarePublisher('demo/a');
console.log('open');
