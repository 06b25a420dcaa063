// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { DataType } from 'apache-arrow';
import { ArrowPayloadError } from '../errors.js';

/** The column, or the field below one, that a cell is for. */
export interface CellPlace {
  /** A dotted path below columns. */
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/** `ARROW_VALUE`, which names the column. */
export function refusal({ name: column, type, nullable }: CellPlace, what: string): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_VALUE', `${nullable ? '' : 'non-null '}${type} can't hold ${what}`, { column });
}

/** A value in an error's text: short, whatever it is. */
export function told(cell: unknown): string {
  const text = typeof cell === 'string' ? JSON.stringify(cell) : typeof cell === 'object' ? kindOf(cell) : String(cell);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function kindOf(value: object | null): string {
  return ArrayBuffer.isView(value)
    ? `${value.constructor.name} of ${value.byteLength} bytes`
    : (value?.constructor?.name ?? 'an object');
}
