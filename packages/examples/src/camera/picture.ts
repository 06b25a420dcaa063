// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What the camera sees: stripes that move by one byte from picture to picture. */
export function takePicture(pixels: Uint8Array, sequence: number): void {
  for (let at = 0; at < pixels.length; at++) pixels[at] = at + sequence;
}

/** Whether these are the pixels of this picture. */
export function isPicture(pixels: Uint8Array, sequence: number): boolean {
  return pixels.every((value, at) => value === ((at + sequence) & 0xff));
}
