// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

// Parts of the command whose bounds are too large to be reached through it. The package exports none of them.
const place = (path: string) => new URL(`../../packages/arrow/dist/cli/${path}`, import.meta.url).href;

export const { compressor } = (await import(
  place('mcap/compression.js')
)) as typeof import('../../packages/arrow/dist/cli/mcap/compression.js');
export const { McapFile } = (await import(
  place('mcap/file.js')
)) as typeof import('../../packages/arrow/dist/cli/mcap/file.js');
export const { OutputFile } = (await import(
  place('output-file.js')
)) as typeof import('../../packages/arrow/dist/cli/output-file.js');
export const { Recorder } = (await import(
  place('record/recorder.js')
)) as typeof import('../../packages/arrow/dist/cli/record/recorder.js');
export const { RecordedHeads } = (await import(
  place('record/heads.js')
)) as typeof import('../../packages/arrow/dist/cli/record/heads.js');
export const { Reporter } = (await import(
  place('reporter.js')
)) as typeof import('../../packages/arrow/dist/cli/reporter.js');
export const { Held } = (await import(
  place('sub/held.js')
)) as typeof import('../../packages/arrow/dist/cli/sub/held.js');
export const { GivenUp } = (await import(
  place('given-up.js')
)) as typeof import('../../packages/arrow/dist/cli/given-up.js');
export const { fitting } = (await import(
  place('watch/screen.js')
)) as typeof import('../../packages/arrow/dist/cli/watch/screen.js');
