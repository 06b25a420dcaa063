// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Field, Schema, Struct, type TypeMap } from 'apache-arrow';

/** The first of two schemas of the same columns; where values may be null in the other, they may be in what is given. */
export function widened<T extends TypeMap>(schema: Schema<T>, other: Schema): Schema<T> {
  if (schema === other) return schema;
  const fields = fieldsOf(schema.fields, other.fields);
  if (fields === schema.fields) return schema;
  return new Schema<T>(fields as Schema<T>['fields'], schema.metadata, schema.dictionaries, schema.metadataVersion);
}

/** The very fields when nothing is to be changed. */
function fieldsOf(fields: Field[], others: readonly Field[]): Field[] {
  const all = fields.map((field, index) => fieldOf(field, others[index] as Field));
  return all.every((field, index) => field === fields[index]) ? fields : all;
}

function fieldOf(field: Field, other: Field): Field {
  const nullable = field.nullable || other.nullable;
  const children = field.type instanceof Struct ? fieldsOf(field.type.children, other.type.children) : undefined;
  const type = children === undefined || children === field.type.children ? field.type : new Struct(children);
  return nullable === field.nullable && type === field.type ? field : field.clone({ nullable, type });
}
