// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FASTEST, type Status, type Telemetry } from './telemetry.js';

/** A robot that drives up and down its speed limit. */
export class Robot {
  readonly name: string;
  readonly #period: number;
  readonly #begun = performance.now();
  #limit = 1.5;
  #sequence = 0;
  #speed = 0;
  #battery: number;
  #temperature = 24;
  #distance = 0;

  /** @param period of its ups and downs, in seconds */
  constructor(name: string, period: number, battery: number) {
    this.name = name;
    this.#period = period;
    this.#battery = battery;
  }

  /** In m/s; what is no speed is refused. */
  limit(limit: number): boolean {
    if (!(limit >= 0 && limit <= FASTEST)) return false;
    this.#limit = limit;
    return true;
  }

  /** Goes on for `seconds`. */
  drive(seconds: number): Telemetry {
    const wanted = this.#limit * (0.7 + 0.3 * Math.sin((2 * Math.PI * this.#uptime) / this.#period));
    this.#speed += (wanted - this.#speed) * Math.min(1, 2 * seconds);
    this.#distance += this.#speed * seconds;
    // Charged again when it is empty.
    this.#battery = this.#battery < 5 ? 100 : this.#battery - (0.02 + 0.1 * this.#speed) * seconds;
    this.#temperature += (24 + 12 * this.#speed - this.#temperature) * 0.1 * seconds;
    const [speed, battery, temperature] = [this.#speed, this.#battery, this.#temperature];
    return { sequence: this.#sequence++, speed, battery, temperature };
  }

  status(): Status {
    return { name: this.name, uptime: this.#uptime, distance: this.#distance, limit: this.#limit };
  }

  get #uptime(): number {
    return (performance.now() - this.#begun) / 1000;
  }
}
