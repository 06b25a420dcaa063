// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Telemetry } from '../src/dashboard/telemetry.js';
import { element, made } from './element.js';

/** One robot's line of the table. */
export class Row {
  readonly #speed = made('td');
  readonly #battery = made('td');
  readonly #meter = made('meter');
  readonly #percent = made('span');
  readonly #temperature = made('td');
  readonly #missed = made('td');
  #next: number | undefined;
  #lost = 0;

  constructor(name: string) {
    const head = made('th', name);
    head.scope = 'row';
    Object.assign(this.#meter, { min: 0, max: 100, low: 20, high: 50, optimum: 100, ariaLabel: `Battery of ${name}` });
    this.#battery.append(this.#meter, this.#percent);
    const row = made('tr');
    row.append(head, this.#speed, this.#battery, this.#temperature, this.#missed);
    element('robots').append(row);
  }

  /** Counts what is missing between the last message and this one. */
  count({ sequence }: Telemetry): void {
    // One that starts anew counts from 0.
    if (this.#next !== undefined && sequence > this.#next) this.#lost += sequence - this.#next;
    this.#next = sequence + 1;
  }

  show({ speed, battery, temperature }: Telemetry): void {
    this.#speed.textContent = speed.toFixed(2);
    this.#meter.value = battery;
    this.#percent.textContent = battery.toFixed(1);
    this.#temperature.textContent = temperature.toFixed(1);
    this.#missed.textContent = this.#lost.toLocaleString('en');
  }
}
