// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import wasm from 'vite-plugin-wasm';

/** zenoh-ts's key expressions are a module of WebAssembly; ours need none of this. */
export default {
  // @ts-expect-error: its types are those of CommonJS, and it is none
  plugins: [wasm()],
  base: './',
  build: { target: 'esnext', outDir: '../../dist/page', emptyOutDir: true },
  logLevel: 'warn',
};
