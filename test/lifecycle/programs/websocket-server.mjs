// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Serves a port, and publishes numbers until it is killed.
import { serving } from './common.mjs';

await serving(Number(process.argv[2]));
console.log('ready');
