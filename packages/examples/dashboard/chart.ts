// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FASTEST } from '../src/dashboard/telemetry.js';
import { element, made } from './element.js';

const SVG = 'http://www.w3.org/2000/svg';
const SPAN_MS = 30_000;
/** A line is not drawn over a time in which nothing came. */
const HOLE_MS = 1000;
const HEIGHT = 220;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 8, 22];

interface Point {
  readonly time: number;
  readonly value: number;
}

interface Line {
  readonly path: SVGElement;
  readonly points: Point[];
}

function svg(tag: string, attributes: Record<string, string | number>, parent: Element): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, `${value}`);
  return parent.appendChild(made);
}

/** The last half minute of some values, as lines. */
export class Chart {
  readonly #svg = element<SVGSVGElement>('chart');
  readonly #axes = svg('g', { class: 'axes' }, this.#svg);
  readonly #lines = new Map<string, Line>();
  #width = 0;

  add(name: string, value: number): void {
    this.#line(name).points.push({ time: performance.now(), value });
  }

  draw(): void {
    const { clientWidth } = this.#svg;
    if (clientWidth !== this.#width) this.#fit(clientWidth);
    const now = performance.now();
    for (const { path, points } of this.#lines.values()) {
      const first = points.findIndex(({ time }) => now - time <= SPAN_MS);
      points.splice(0, first < 0 ? points.length : first);
      path.setAttribute('d', this.#path(points, now));
    }
  }

  #line(name: string): Line {
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const number = this.#lines.size % 3;
    const line = { path: svg('path', { class: `line line-${number}` }, this.#svg), points: [] };
    this.#lines.set(name, line);
    const label = made('li', name);
    label.className = `line-${number}`;
    element('legend').append(label);
    return line;
  }

  #path(points: readonly Point[], now: number): string {
    let before = Number.NEGATIVE_INFINITY;
    return points
      .map(({ time, value }) => {
        const x = this.#x(now - time).toFixed(1);
        const pen = time - before > HOLE_MS ? 'M' : 'L';
        before = time;
        return `${pen}${x} ${this.#y(value).toFixed(1)}`;
      })
      .join('');
  }

  #x(age: number): number {
    return this.#width - RIGHT - (age / SPAN_MS) * (this.#width - LEFT - RIGHT);
  }

  #y(value: number): number {
    return HEIGHT - BOTTOM - (value / FASTEST) * (HEIGHT - TOP - BOTTOM);
  }

  /** The axes are as wide as there is room, and their texts as large as any. */
  #fit(width: number): void {
    this.#width = width;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.#axes.replaceChildren();
    for (let speed = 0; speed <= FASTEST; speed++) {
      const y = this.#y(speed);
      svg('line', { x1: LEFT, x2: width - RIGHT, y1: y, y2: y }, this.#axes);
      const last = speed === FASTEST ? ' m/s' : '';
      svg('text', { x: last ? 0 : LEFT - 8, y: y + 4, class: last ? 'unit' : 'speed' }, this.#axes).textContent =
        `${speed}${last}`;
    }
    for (const age of [30, 20, 10, 0]) {
      const anchor = age === 0 ? 'end' : age === 30 ? 'start' : 'middle';
      const place = { x: this.#x(age * 1000), y: HEIGHT - 4, 'text-anchor': anchor };
      svg('text', place, this.#axes).textContent = age === 0 ? 'now' : `${age} s`;
    }
  }
}
