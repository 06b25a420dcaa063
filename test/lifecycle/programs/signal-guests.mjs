// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A library that ends the process only when it is the only listener, as signal-exit does.
import { openSession } from './common.mjs';

process.on('SIGTERM', function polite() {
  if (process.listenerCount('SIGTERM') > 1) return;
  process.off('SIGTERM', polite);
  process.kill(process.pid, 'SIGTERM');
});
const session = await openSession();
await session.declareSubscriber('demo/**', { handler: () => {} });
console.log('subscribed');
