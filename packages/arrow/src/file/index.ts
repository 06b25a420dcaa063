// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export type { ArrowFile, ArrowFileOptions } from './arrow-file.js';
export { openArrowFile } from './arrow-file.js';
export type { ArrowStreamOptions, StreamBatch } from './arrow-stream.js';
export { readArrowSchema, readArrowStream } from './arrow-stream.js';
export type { Alloc } from './source.js';
