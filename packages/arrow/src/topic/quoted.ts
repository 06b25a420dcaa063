// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

const LONGEST = 200;

/** A text for a message, which must not grow with what a peer sends. */
export function quoted(text: string): string {
  return text.length <= LONGEST ? `\`${text}\`` : `\`${text.slice(0, LONGEST)}...\` (${text.length} characters)`;
}
