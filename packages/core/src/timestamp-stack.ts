// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { InterceptionPoint } from './enums.js';
import { CoreError } from './errors.js';
import { Timestamp } from './timestamp.js';

/** The points of a {@link TimestampInstrumentation}; each is off unless given. */
export interface TimestampInstrumentationOptions {
  readonly send?: boolean | undefined;
  readonly route?: boolean | undefined;
  readonly receive?: boolean | undefined;
}

/**
 * At which points of a message's way zenoh notes the time: an option of puts, deletions and gets. What was noted travels
 * with the message, and is read as {@link TimestampStack}. Unstable in zenoh.
 */
export class TimestampInstrumentation {
  readonly #points: number;

  /** @throws {CoreError} `INVALID_ARGUMENT` when no point is on */
  constructor(options: TimestampInstrumentationOptions) {
    const of = (on: boolean | undefined, point: InterceptionPoint) => (on === true ? point : 0);
    this.#points =
      of(options.send, InterceptionPoint.SEND) |
      of(options.route, InterceptionPoint.ROUTE) |
      of(options.receive, InterceptionPoint.RECEIVE);
    if (this.#points === 0) {
      throw new CoreError('INVALID_ARGUMENT', 'an instrumentation needs a point: send, route or receive');
    }
  }

  isInstrumented(point: InterceptionPoint): boolean {
    return (this.#points & point) !== 0;
  }

  /** @internal A bit for each point, as timestamp_stack.rs reads them. */
  static pointsOf(instrumentation: TimestampInstrumentation | undefined): number {
    if (instrumentation === undefined) return 0;
    if (instrumentation instanceof TimestampInstrumentation) return instrumentation.#points;
    throw new CoreError('INVALID_ARGUMENT', 'timestampInstrumentation is not a TimestampInstrumentation');
  }
}

/** A time noted at one point. */
export class TimestampStackRecord {
  readonly #point: InterceptionPoint;
  readonly #time: string | readonly number[];

  /** @internal */
  constructor(point: InterceptionPoint, time: string | readonly number[]) {
    this.#point = point;
    this.#time = time;
  }

  point(): InterceptionPoint {
    return this.#point;
  }

  /** Whether the node has a clock of its own, as programs in Rust, Python or C may give it; sessions of this package have none. */
  isCustom(): boolean {
    return typeof this.#time !== 'string';
  }

  /** A timestamp, or the bytes that the node's own clock gave. */
  timestamp(): Timestamp | Uint8Array {
    return typeof this.#time === 'string' ? Timestamp.fromString(this.#time) : Uint8Array.from(this.#time);
  }
}

type Noted = [points: number, records: [InterceptionPoint, string | number[]][]];

/** The times noted along a message's way. */
export class TimestampStack {
  readonly #instrumentation: TimestampInstrumentation;
  readonly #records: readonly TimestampStackRecord[];

  /** @internal The JSON that timestamp_stack.rs writes. */
  constructor(json: string) {
    const [points, records] = JSON.parse(json) as Noted;
    this.#instrumentation = new TimestampInstrumentation({
      send: (points & InterceptionPoint.SEND) !== 0,
      route: (points & InterceptionPoint.ROUTE) !== 0,
      receive: (points & InterceptionPoint.RECEIVE) !== 0,
    });
    this.#records = records.map(([point, time]) => new TimestampStackRecord(point, time));
  }

  /** The points that the sender asked for. */
  instrumentation(): TimestampInstrumentation {
    return this.#instrumentation;
  }

  /**
   * In the order of the way. A point on it may note more than once or not at all: sessions that are connected directly route
   * too, and older nodes do not take part.
   */
  records(): readonly TimestampStackRecord[] {
    return this.#records;
  }
}
