// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { isObject, type Json, memberOf } from './json-row.js';
import type { Shape } from './shape.js';

/** The fields that a shape is in a schema, those inside included. */
export function fieldsOf(shape: Shape): number {
  switch (shape.kind) {
    case 'scalar':
      return 1;
    case 'list':
      return 1 + fieldsOf(shape.item);
    case 'struct':
      return [...shape.fields.values()].reduce((sum, field) => sum + fieldsOf(field), 1);
  }
}

/** Counts the values that a JSON value is in columns, with those that are missing: each item of a list has all its fields. */
export function cellsOf(shape: Shape): (value: Json) => number {
  switch (shape.kind) {
    case 'scalar':
      return () => 1;
    case 'list': {
      const item = cellsOf(shape.item);
      if (!hasList(shape.item)) return (value) => 1 + (Array.isArray(value) ? value.length * item(null) : 0);
      return (value) => (Array.isArray(value) ? value.reduce<number>((sum, each) => sum + item(each as Json), 1) : 1);
    }
    case 'struct': {
      const all = fieldsOf(shape);
      if (!hasList(shape)) return () => all;
      const fields = [...shape.fields].map(([name, field]) => ({ name, cells: cellsOf(field) }));
      const of = (value: Json) =>
        fields.reduce((sum, { name, cells }) => sum + cells(isObject(value) ? memberOf(value, name) : null), 1);
      const none = of(null);
      return (value) => (isObject(value) ? of(value) : none);
    }
  }
}

export function hasList(shape: Shape): boolean {
  return shape.kind === 'list' || (shape.kind === 'struct' && [...shape.fields.values()].some(hasList));
}
