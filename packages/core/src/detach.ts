// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Missing in Node 20, and in the types. */
type Transferable = { transfer?(length?: number): ArrayBuffer };

/** Takes the memory away from every view of a buffer, and gives it back to the system at once where the runtime can. */
export function detach(buffer: ArrayBuffer): void {
  const { transfer } = buffer as Transferable;
  if (transfer !== undefined) transfer.call(buffer, 0);
  else structuredClone(buffer, { transfer: [buffer] });
}

/** Takes the memory away from every view of a buffer, for a new one; none where that memory can't be moved. */
export function moved(buffer: ArrayBuffer): ArrayBuffer | undefined {
  const { transfer } = buffer as Transferable;
  const target = transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : transfer.call(buffer);
  // Node 20 clones a buffer that somebody marked as untransferable.
  return buffer.byteLength === 0 ? target : undefined;
}
