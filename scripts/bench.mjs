// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// `pnpm bench`: throughput of zenoh-segments beside its neighbours; see bench/README.md.
import { main } from '../bench/main.mjs';

process.exitCode = await main(process.argv.slice(2));
