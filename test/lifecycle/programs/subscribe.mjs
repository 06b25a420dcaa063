// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What happens after subscribing is the argument: close, undeclare, unref, stay, or exit in the callback.
import { openSession } from './common.mjs';

const [ending] = process.argv.slice(2);
const session = await openSession();
const subscriber = await session.declareSubscriber('demo/**', {
  handler: () => {
    console.log('received');
    if (ending === 'exit') process.exit(7);
  },
});
console.log('subscribed');
await session.put('demo/a', 'x');
if (ending === 'close') await session.close();
if (ending === 'undeclare') await subscriber.undeclare();
if (ending === 'unref') subscriber.unref();
