// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Field, SlotField, StructNode } from '../model.js';
import type { Module } from './module.js';
import { accessorName, capitalized } from './names.js';
import { brandText, hasInterface, isEnumList, listClass, needsListClass, scalarOf, typeText } from './types.js';

/** What the accessors of a field do, as text; what is undefined it has not. */
interface Access {
  /** The type of the getter and setter. */
  readonly type: string;
  readonly get: Call | undefined;
  /** Of `value`. */
  readonly set: Call | undefined;
  readonly init: Call | undefined;
  /** The parameter of `init`. */
  readonly initParameter: 'length: number' | undefined;
  /** Whether it is a pointer that can be absent, adopted and disowned. */
  readonly isPointer: boolean;
}

/** `callee(args) as cast`. */
interface Call {
  readonly callee: string;
  readonly args: readonly string[];
  readonly cast?: string | undefined;
}

/** The getter, the setter and what else a field has, in the order and with the names of capnp-es. */
export function writeField(field: Field, struct: StructNode, className: string, module: Module): void {
  const writer = new FieldWriter(field, struct, className, module);
  writer.write();
}

class FieldWriter {
  readonly #field: Field;
  readonly #struct: StructNode;
  readonly #class: string;
  readonly #module: Module;
  /** The field's name where it follows another word: `_hasName`. */
  readonly #suffix: string;
  readonly #accessor: string;

  constructor(field: Field, struct: StructNode, className: string, module: Module) {
    this.#field = field;
    this.#struct = struct;
    this.#class = className;
    this.#module = module;
    this.#suffix = capitalized(field.name);
    this.#accessor = accessorName(field.name, struct.tagOffset !== undefined);
  }

  write(): void {
    const { name, tag } = this.#field;
    const access = this.#access();
    if (access === undefined) {
      this.#module.note(
        `${this.#struct.displayName}.${name}`,
        `Field ${name} is left out: it is of an interface type, whose values do not travel over zenoh.`,
      );
    }
    if (access?.isPointer) this.#adoptAndDisown(access.type);
    if (access?.get) this.#getter(access.type, access.get);
    if (access?.isPointer) {
      this.#method(`_has${this.#suffix}(): boolean`, [
        `return !$.utils.isNull($.utils.getPointer(${this.#offset}, this));`,
      ]);
    }
    if (access?.init) this.#init(access, access.init);
    if (access?.isPointer && this.#field.kind === 'slot' && this.#field.type.kind === 'anyPointer') this.#anyStruct();
    if (tag !== undefined) {
      const type = this.#field.kind === 'slot' ? this.#field.type.kind : 'group';
      // Nothing else of it carries the comment.
      if (type === 'void' || type === 'interface') this.#doc();
      this.#method(`get _is${this.#suffix}(): boolean`, [`return ${this.#tag()} === ${tag};`]);
    }
    if (access?.set) this.#setter(access.type, access.set);
    else if (tag !== undefined && access !== undefined) this.#tagSetter();
  }

  get #offset(): number {
    return this.#field.kind === 'slot' ? this.#field.offset : 0;
  }

  #access(): Access | undefined {
    const none = { set: undefined, init: undefined, initParameter: undefined, isPointer: false };
    if (this.#field.kind === 'group') {
      const group = this.#module.value(this.#field.id);
      const call = { callee: '$.utils.getAs', args: [group, 'this'] };
      return { ...none, type: group, get: call, init: call };
    }
    const { type, offset } = this.#field;
    if (hasInterface(type)) return undefined;
    const text = typeText(type, this.#module);
    const byDefault = this.#field.defaultValue === undefined ? [] : [`${this.#class}._capnp.default${this.#suffix}`];
    const scalar = scalarOf(type);
    if (scalar !== undefined) {
      const at = String(offset * scalar.size);
      return {
        ...none,
        type: text,
        get: {
          callee: `$.utils.get${scalar.name}`,
          args: [at, 'this', ...byDefault],
          cast: type.kind === 'enum' ? text : undefined,
        },
        set: { callee: `$.utils.set${scalar.name}`, args: [at, 'value', 'this', ...byDefault] },
      };
    }
    if (type.kind === 'void') return { ...none, type: text, get: undefined };
    return this.#pointerAccess(this.#field, text, byDefault);
  }

  #pointerAccess({ type, offset }: SlotField, text: string, byDefault: readonly string[]): Access {
    const at = String(offset);
    const copy = { callee: '$.utils.copyFrom', args: ['value', `$.utils.getPointer(${at}, this)`] };
    const pointer = { type: text, set: copy, isPointer: true, initParameter: undefined };
    switch (type.kind) {
      case 'text':
        return {
          type: text,
          get: { callee: '$.utils.getText', args: [at, 'this', ...byDefault] },
          set: { callee: '$.utils.setText', args: [at, 'value', 'this'] },
          init: undefined,
          initParameter: undefined,
          isPointer: false,
        };
      case 'data':
        return {
          ...pointer,
          get: { callee: '$.utils.getData', args: [at, 'this', ...byDefault] },
          init: { callee: '$.utils.initData', args: [at, 'length', 'this'] },
          initParameter: 'length: number',
        };
      case 'list': {
        const own = needsListClass(type.element);
        const list = own ? `${this.#class}._${this.#suffix}` : listClass(type.element, this.#module);
        const cast = !own && isEnumList(type) ? text : undefined;
        return {
          ...pointer,
          get: { callee: '$.utils.getList', args: [at, list, 'this', ...byDefault], cast },
          init: { callee: '$.utils.initList', args: [at, list, 'length', 'this'], cast },
          initParameter: 'length: number',
        };
      }
      case 'struct': {
        const value = this.#module.value(type.id);
        return {
          ...pointer,
          get: { callee: '$.utils.getStruct', args: [at, value, 'this', ...byDefault] },
          init: { callee: '$.utils.initStructAt', args: [at, value, 'this'] },
        };
      }
      default:
        return { ...pointer, get: { callee: '$.utils.getPointer', args: [at, 'this'] }, init: undefined };
    }
  }

  #adoptAndDisown(type: string): void {
    const adopt = `$.utils.adopt(value, $.utils.getPointer(${this.#offset}, this));`;
    this.#signature(`_adopt${this.#suffix}`, `value: $.Orphan<${type}>`, ': void', () => {
      this.#setTag();
      this.#module.lines.line(adopt);
    });
    this.#method(`_disown${this.#suffix}(): $.Orphan<${type}>`, [`return $.utils.disown(this.${this.#accessor});`]);
  }

  #getter(type: string, call: Call): void {
    this.#doc();
    this.#module.lines.block(`get ${this.#accessor}(): ${type} {`, () => {
      this.#testTag();
      this.#return(call);
    });
  }

  #init({ type, initParameter }: Access, call: Call): void {
    this.#signature(`_init${this.#suffix}`, initParameter ?? '', `: ${type}`, () => {
      this.#setTag();
      this.#return(call);
    });
  }

  /** A pointer of any kind leads to a struct most often: capnp-es offers nothing typed for it. */
  #anyStruct(): void {
    const { lines } = this.#module;
    const parameter = 'type: $.StructCtor<T>';
    lines.doc('As a struct of this type, whatever the sender meant it to be.');
    this.#signature(`_get${this.#suffix}<T extends $.Struct>`, parameter, ': T', () => {
      this.#testTag();
      lines.line(`return $.utils.getStruct(${this.#offset}, type, this);`);
    });
    this.#signature(`_init${this.#suffix}<T extends $.Struct>`, parameter, ': T', () => {
      this.#setTag();
      lines.line(`return $.utils.initStructAt(${this.#offset}, type, this);`);
    });
  }

  #setter(type: string, { callee, args }: Call): void {
    this.#signature(`set ${this.#accessor}`, `value: ${type}`, '', () => {
      this.#setTag();
      this.#module.lines.list(callee, args, ';');
    });
  }

  /** A field without a value of its own is set by choosing it. */
  #tagSetter(): void {
    this.#module.lines.block(`set ${this.#accessor}(_: true) {`, () => this.#setTag());
  }

  #method(head: string, statements: readonly string[]): void {
    const { lines } = this.#module;
    lines.block(`${head} {`, () => {
      for (const statement of statements) lines.line(statement);
    });
  }

  #signature(name: string, parameter: string, result: string, body: () => void): void {
    const { lines } = this.#module;
    lines.list(name, parameter === '' ? [] : [parameter], `${result} {`);
    lines.indented(body);
    lines.line('}');
  }

  #return({ callee, args, cast }: Call): void {
    this.#module.lines.list(`return ${callee}`, args, cast === undefined ? ';' : ` as ${cast};`);
  }

  #doc(): void {
    const { doc } = this.#field;
    const type = this.#field.kind === 'slot' ? brandText(this.#field.type, this.#module) : undefined;
    this.#module.lines.doc(doc, type === undefined ? '' : `Its type in the schema is \`${type}\`.`);
  }

  #tag(): string {
    return `$.utils.getUint16(${this.#struct.tagOffset}, this)`;
  }

  #testTag(): void {
    const { tag, name } = this.#field;
    if (tag === undefined) return;
    this.#module.lines.list('$.utils.testWhich', [`'${name}'`, this.#tag(), String(tag), 'this'], ';');
  }

  #setTag(): void {
    const { tag } = this.#field;
    if (tag !== undefined) this.#module.lines.line(`$.utils.setUint16(${this.#struct.tagOffset}, ${tag}, this);`);
  }
}
