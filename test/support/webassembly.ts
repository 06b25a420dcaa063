// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The part of WebAssembly that tests need; the compiler knows it in browsers only. */
interface WebAssemblyMemory {
  Memory: new (descriptor: { initial: number }) => { buffer: ArrayBuffer; grow(pages: number): number };
}

export const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyMemory };
