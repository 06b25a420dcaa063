// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { PNG } from 'pngjs';

/** What is in a screenshot, by simple measures. */
export class Picture {
  readonly #png: PNG;
  /** Pixels by their colour, as `#rrggbb`. */
  readonly colours = new Map<string, number>();

  constructor(bytes: Buffer) {
    this.#png = PNG.sync.read(bytes);
    const { data } = this.#png;
    for (let i = 0; i < data.length; i += 4) {
      const colour = `#${data.toString('hex', i, i + 3)}`;
      this.colours.set(colour, (this.colours.get(colour) ?? 0) + 1);
    }
  }

  /** Pixels whose colour is `#rrggbb`, or as near to it as the edge of a line is. */
  near(colour: string): number {
    const wanted = channels(colour);
    const isNear = (other: string) => channels(other).every((value, i) => Math.abs(value - (wanted[i] as number)) < 48);
    let pixels = 0;
    for (const [other, count] of this.colours) if (isNear(other)) pixels += count;
    return pixels;
  }

  get size(): [number, number] {
    return [this.#png.width, this.#png.height];
  }
}

function channels(colour: string): number[] {
  return [...Buffer.from(colour.slice(1), 'hex')];
}
