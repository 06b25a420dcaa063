// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

// Control characters, and those that reorder what stands around them: what a terminal must never get from a stranger.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with everything that could steer a terminal written as `\\uXXXX`, which JSON reads as the same text. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
