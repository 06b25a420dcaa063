// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What the thread that reads is started with. */
export interface ParquetJob {
  /** A regular file, open; it stays the caller's to close. */
  readonly fd: number;
  /** Bytes. */
  readonly size: number;
}

/** Asked of the thread, one after the other: first what is in the file, then what to read of it, then its batches. */
export type ParquetRequest =
  | 'open'
  | { readonly batchRows: number; readonly columns: readonly string[] | undefined }
  | 'next';

/** What it answers. `ipc` is an Arrow IPC stream of one batch; its memory goes with the message. */
export type ParquetAnswer =
  | { readonly kind: 'opened'; readonly columns: readonly string[]; readonly rows: number }
  | { readonly kind: 'batch'; readonly ipc: Uint8Array }
  | { readonly kind: 'reading' }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string };
