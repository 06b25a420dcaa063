// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConstNode, SchemaNode, StructNode, Type } from '../model.js';
import { writeEnum } from './enum.js';
import { writeField } from './field.js';
import type { Module } from './module.js';
import { capitalized, constantName, TakenNames } from './names.js';
import { writeTopic } from './topic.js';
import { hasInterface, isEnumList, listClass, needsListClass, typeText } from './types.js';
import { fieldDefault, isPointerType, plainValue, pointerConstant } from './values.js';

/** A struct's class; what is nested in it was written before. */
export function writeStruct(struct: StructNode, nested: readonly SchemaNode[], module: Module): void {
  const writer = new StructWriter(struct, nested, module);
  writer.write();
}

class StructWriter {
  readonly #struct: StructNode;
  readonly #nested: readonly SchemaNode[];
  readonly #module: Module;
  readonly #name: string;
  readonly #statics = new TakenNames();

  constructor(struct: StructNode, nested: readonly SchemaNode[], module: Module) {
    this.#struct = struct;
    this.#nested = nested;
    this.#module = module;
    this.#name = module.names.className(struct.id);
  }

  write(): void {
    const { doc, parameters, displayName, tagOffset, fields } = this.#struct;
    const { lines } = this.#module;
    const which = `${this.#name}_Which`;
    if (tagOffset !== undefined) {
      const tags = this.#union().map(({ name, tag = 0, doc }) => ({ name, value: tag, doc }));
      writeEnum(
        which,
        displayName,
        `Which field of ${displayName.split(':').pop()}'s union is set.`,
        tags,
        this.#module,
      );
    }
    lines.line();
    const generic = `Generic in the schema: what is of type ${parameters.join(', ')} is read as any pointer.`;
    lines.doc(doc, parameters.length === 0 ? '' : generic);
    lines.block(`export class ${this.#name} extends $.Struct {`, () => {
      this.#constants();
      for (const { name } of this.#union()) this.#static(constantName(name), `${which}.${constantName(name)}`, name);
      this.#nestedTypes();
      this.#description();
      if (!this.#struct.isGroup) {
        lines.doc(`Between messages of this type and payloads.`);
        lines.assign(`static readonly codec: $.StructCodec<${this.#name}>`, `$.structCodec(${this.#name});`);
        writeTopic(this.#struct, this.#name, this.#module);
      }
      for (const field of fields) {
        if (field.kind === 'slot' && field.type.kind === 'list' && needsListClass(field.type.element)) {
          this.#listClass(field.name, field.type.element);
        }
      }
      for (const field of fields) writeField(field, this.#struct, this.#name, this.#module);
      lines.block('override toString(): string {', () => lines.line(`return \`${this.#name}_\${super.toString()}\`;`));
      if (tagOffset !== undefined) {
        lines.block(`which(): ${which} {`, () =>
          lines.list('return $.utils.getUint16', [String(tagOffset), 'this'], ` as ${which};`),
        );
      }
    });
  }

  #union() {
    return this.#struct.fields.filter(({ tag }) => tag !== undefined);
  }

  #constants(): void {
    for (const node of this.#nested) {
      if (node.kind !== 'const') continue;
      if (hasInterface(node.type)) continue;
      const name = constantName(node.name);
      this.#statics.take(name, node.displayName);
      if (isPointerType(node.type)) this.#lazyConstant(name, node);
      else {
        this.#module.lines.doc(node.doc);
        const value = plainValue(node.type, node.value, node.displayName, this.#module);
        this.#module.lines.assign(`static readonly ${name}`, `${value};`);
      }
    }
  }

  /** Made when it is asked for: its class can come later in this module, or in one that imports this one. */
  #lazyConstant(name: string, { type, value, displayName, doc }: ConstNode): void {
    this.#lazy(name, name, typeText(type, this.#module), pointerConstant(type, value, displayName, this.#module), doc);
  }

  /** Made when it is asked for, as {@link #lazyConstant}. */
  #listClass(field: string, element: Type): void {
    if (hasInterface(element)) return;
    const ctor = `$.ListCtor<${typeText(element, this.#module)}>`;
    const made = listClass(element, this.#module);
    this.#lazy(`_${capitalized(field)}`, capitalized(field), ctor, isEnumList(element) ? `${made} as ${ctor}` : made);
  }

  #lazy(name: string, cache: string, type: string, value: string, doc = ''): void {
    const { lines } = this.#module;
    const own = `${this.#name}.#${cache}`;
    lines.line(`static #${cache}: ${type} | undefined;`);
    lines.doc(doc);
    lines.block(`static get ${name}(): ${type} {`, () => {
      lines.assign(own, `${value};`, '??=');
      lines.line(`return ${own};`);
    });
  }

  #nestedTypes(): void {
    for (const node of this.#nested) {
      const isType = node.kind === 'enum' || (node.kind === 'struct' && !node.isGroup);
      if (isType) this.#static(node.name, this.#module.names.className(node.id), node.displayName);
    }
  }

  #static(name: string, value: string, what: string): void {
    this.#statics.take(name, what.includes(':') ? what : `${this.#struct.displayName}.${what}`);
    this.#module.lines.assign(`static readonly ${name}`, `${value};`);
  }

  #description(): void {
    const { name, id, dataBytes, pointers, fields, displayName } = this.#struct;
    const { lines } = this.#module;
    lines.block(
      'static override readonly _capnp = {',
      () => {
        lines.line(`displayName: '${name}',`);
        lines.line(`id: '${id.toString(16)}',`);
        lines.line(`size: new $.ObjectSize(${dataBytes}, ${pointers}),`);
        for (const field of fields) {
          if (field.kind !== 'slot' || field.defaultValue === undefined || hasInterface(field.type)) continue;
          if (field.type.kind === 'void') continue;
          const where = `${displayName}.${field.name}`;
          lines.line(
            `default${capitalized(field.name)}: ${fieldDefault(field.type, field.defaultValue, field.offset, where, this.#module)},`,
          );
        }
      },
      '};',
    );
  }
}
