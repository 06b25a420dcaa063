// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { escapeControls } from './escape.js';

/** One JSON object on one line, safe for a terminal: the texts in it may come from strangers. */
export function jsonLine(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}
