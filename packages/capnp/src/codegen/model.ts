// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Everything that code is generated from: a request, read whole and checked. */
export interface Schema {
  /** Every node of the request by its id: those of imported files as well, as far as they are used. */
  readonly nodes: ReadonlyMap<bigint, SchemaNode>;
  /** The files to generate. */
  readonly files: readonly FileNode[];
}

/** What all nodes have. */
export interface NodeBase {
  readonly id: bigint;
  /** What the schema calls it, without the scope; for a file its path, with slashes. */
  readonly name: string;
  /** File and full name: `telemetry.capnp:Outer.Inner`. For messages. */
  readonly displayName: string;
  /** The node it is declared in; 0 for files, and for what the schema does not name. */
  readonly scopeId: bigint;
  /** Names of the type parameters. */
  readonly parameters: readonly string[];
  /** What is declared inside, in the order of the schema. */
  readonly nested: readonly bigint[];
  readonly annotations: readonly Annotation[];
  readonly doc: string;
}

export interface FileNode extends NodeBase {
  readonly kind: 'file';
}

export interface StructNode extends NodeBase {
  readonly kind: 'struct';
  readonly isGroup: boolean;
  readonly dataBytes: number;
  readonly pointers: number;
  /** Byte offset of the union's tag; undefined for a struct without an unnamed union. */
  readonly tagOffset: number | undefined;
  /** In the order of the schema. */
  readonly fields: readonly Field[];
}

export interface EnumNode extends NodeBase {
  readonly kind: 'enum';
  /** In the order of the schema. */
  readonly enumerants: readonly Enumerant[];
}

export interface ConstNode extends NodeBase {
  readonly kind: 'const';
  readonly type: Type;
  readonly value: Value;
}

/** Nodes that nothing is generated for, though structs can be declared inside an interface. */
export interface SkippedNode extends NodeBase {
  readonly kind: 'interface' | 'annotation';
}

export type SchemaNode = FileNode | StructNode | EnumNode | ConstNode | SkippedNode;

export interface Enumerant {
  readonly name: string;
  readonly value: number;
  readonly doc: string;
}

export type Field = SlotField | GroupField;

export interface FieldBase {
  readonly name: string;
  readonly doc: string;
  /** Its value of the union's tag; undefined for a field outside the unnamed union. */
  readonly tag: number | undefined;
}

export interface SlotField extends FieldBase {
  readonly kind: 'slot';
  /** In units of the type's size: bits, bytes, words or pointers. */
  readonly offset: number;
  readonly type: Type;
  /** Undefined unless the schema gives one that is not zero. */
  readonly defaultValue: Value | undefined;
}

export interface GroupField extends FieldBase {
  readonly kind: 'group';
  readonly id: bigint;
}

export type NumberKind = 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32' | 'float32' | 'float64';
export type BigintKind = 'int64' | 'uint64';

/** Types without parts. */
export type PlainKind = 'void' | 'bool' | NumberKind | BigintKind | 'text' | 'data';

export type Type =
  | { readonly kind: PlainKind }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'enum'; readonly id: bigint }
  | { readonly kind: 'struct'; readonly id: bigint; readonly brand: Brand }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'anyPointer'; readonly parameter: string | undefined };

/** For a generic struct's scopes, what its type parameters are bound to; undefined for AnyPointer. */
export type Brand = ReadonlyMap<bigint, readonly (Type | undefined)[]>;

export type Value =
  | { readonly kind: 'void' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: NumberKind | 'enum'; readonly value: number }
  | { readonly kind: BigintKind; readonly value: bigint }
  | { readonly kind: 'text'; readonly value: string }
  /** Data, a list, a struct or any pointer, as the packed message that it is the root of. */
  | { readonly kind: 'pointer'; readonly packed: Uint8Array };

export interface Annotation {
  readonly id: bigint;
  /** Undefined for a pointer: none of ours has one. */
  readonly value: string | number | boolean | undefined;
}
