// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { SchemaModel } from './schema.js';

/**
 * Whether the `capnp` tool can print messages of a schema as JSON. It looks into a null struct when that is the union member
 * of discriminant 0, the active one of a message of zeros: where such members lead back to their own type it recurses until
 * its stack is used up.
 */
export function isPrintable({ structs }: SchemaModel): boolean {
  const done = new Set<bigint>();
  const leadsBack = (id: bigint, path: ReadonlySet<bigint>): boolean => {
    if (path.has(id)) return true;
    if (done.has(id)) return false;
    const longer = new Set(path).add(id);
    const found = (structs.get(id)?.fields ?? []).some(({ type, discriminant }) => {
      if (type.kind === 'group') return leadsBack(type.id, longer);
      return type.kind === 'struct' && discriminant === 0 && leadsBack(type.id, longer);
    });
    done.add(id);
    return found;
  };
  return ![...structs.keys()].some((id) => leadsBack(id, new Set()));
}
