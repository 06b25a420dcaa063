// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { isUtf8 } from 'node:buffer';

/**
 * The chunks of a text in UTF-8, none of which ends inside a character; bytes that are none are refused, so that nothing
 * binary is taken for text.
 *
 * @param refuse makes the error to throw.
 */
export async function* checkedText(
  chunks: AsyncIterable<Uint8Array>,
  refuse: (what: string) => Error,
): AsyncGenerator<Uint8Array> {
  let carry: Uint8Array = new Uint8Array(0);
  let offset = 0;
  for await (const chunk of chunks) {
    const bytes = carry.byteLength === 0 ? chunk : Buffer.concat([carry, chunk]);
    const end = bytes.byteLength - incompleteAtEnd(bytes);
    const whole = bytes.subarray(0, end);
    const zero = whole.indexOf(0);
    if (zero >= 0) throw refuse(`byte ${offset + zero} is 0: binary data, or a text that is not UTF-8`);
    if (!isUtf8(whole))
      throw refuse(`byte ${offset + firstWrong(whole)} is no UTF-8: binary data, or another encoding`);
    carry = bytes.slice(end);
    offset += end;
    if (end > 0) yield whole;
  }
  if (carry.byteLength > 0) throw refuse(`byte ${offset} is no UTF-8: the text ends inside a character`);
}

/** How many bytes at the end begin a character without ending it. */
function incompleteAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.byteLength; back++) {
    const byte = bytes[bytes.byteLength - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

/** Where the first wrong character starts, in bytes that are not all UTF-8. */
function firstWrong(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.byteLength;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - incompleteAtEnd(part)))) good = middle;
    else bad = middle;
  }
  // What looked like the start of a character is where the wrong one starts.
  return good - incompleteAtEnd(bytes.subarray(0, good));
}
