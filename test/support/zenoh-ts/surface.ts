// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const path = (place: string) => fileURLToPath(new URL(`../../../${place}`, import.meta.url));

/** The declarations of both packages, by the name under which both export them. */
export const ENTRIES = {
  '.': {
    theirs: path('bench/node_modules/@eclipse-zenoh/zenoh-ts/dist/index.d.ts'),
    ours: path('packages/core/dist/index.d.ts'),
  },
  './ext': {
    theirs: path('bench/node_modules/@eclipse-zenoh/zenoh-ts/dist/ext/index.d.ts'),
    ours: path('packages/core/dist/ext/index.d.ts'),
  },
} as const;

/**
 * What a program can use of a module: each export and each of its members, with how it is used: the type of a property or
 * the signature of a function, without the names of parameters.
 */
export type Surface = Map<string, string>;

/** What each of these declaration files exports. */
export function surfacesOf(entries: readonly string[]): Surface[] {
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.ESNext,
    // Some of their declarations name others without an extension.
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    strict: true,
    // As most programs are compiled: an optional property may also be given as undefined.
    exactOptionalPropertyTypes: false,
  });
  return entries.map((entry) => surfaceOf(program, entry));
}

function surfaceOf(program: ts.Program, entry: string): Surface {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is not there: build and install first`);
  const surface: Surface = new Map();
  for (const exported of checker.getExportsOfModule(module)) new Reader(checker, surface).read(exported);
  return surface;
}

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #surface: Surface;

  constructor(checker: ts.TypeChecker, surface: Surface) {
    this.#checker = checker;
    this.#surface = surface;
  }

  read(exported: ts.Symbol): void {
    const { name } = exported;
    const symbol = exported.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(exported) : exported;
    if (symbol.flags & ts.SymbolFlags.Enum) this.#enum(name, symbol);
    else if (symbol.flags & ts.SymbolFlags.Class) this.#class(name, symbol);
    else if (symbol.flags & ts.SymbolFlags.Interface)
      this.#members(name, this.#checker.getDeclaredTypeOfSymbol(symbol));
    else if (symbol.flags & ts.SymbolFlags.TypeAlias) this.#alias(name, symbol);
    else if (symbol.flags & ts.SymbolFlags.Function) this.#surface.set(name, this.#use(symbol));
    else this.#members(name, this.#checker.getTypeOfSymbol(symbol));
  }

  #enum(name: string, symbol: ts.Symbol): void {
    this.#surface.set(name, 'enum');
    for (const member of symbol.exports?.values() ?? []) {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || !ts.isEnumMember(declaration)) continue;
      this.#surface.set(`${name}.${member.name}`, String(this.#checker.getConstantValue(declaration)));
    }
  }

  #class(name: string, symbol: ts.Symbol): void {
    const constructors = this.#checker.getTypeOfSymbol(symbol);
    const made = constructors.getConstructSignatures().filter(({ declaration }) => isPublic(declaration));
    this.#members(name, this.#checker.getDeclaredTypeOfSymbol(symbol));
    if (made.length > 0) this.#surface.set(`new ${name}`, made.map((one) => this.#signature(one, false)).join(' & '));
    for (const property of this.#checker.getPropertiesOfType(constructors)) {
      if (property.name === 'prototype' || !property.declarations?.every(isPublic)) continue;
      this.#surface.set(`${name}.${property.name} (static)`, this.#use(property));
    }
  }

  #alias(name: string, symbol: ts.Symbol): void {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    if (type.flags & ts.TypeFlags.Object && type.getCallSignatures().length === 0) this.#members(name, type);
    else this.#surface.set(name, this.#text(type, ts.TypeFormatFlags.InTypeAlias));
  }

  #members(name: string, type: ts.Type): void {
    this.#surface.set(name, type.flags & ts.TypeFlags.Any ? 'any' : 'members');
    for (const property of this.#checker.getPropertiesOfType(type)) {
      if (!property.declarations?.every(isPublic)) continue;
      const wellKnown = /^__@(\w+)@/.exec(property.name)?.[1];
      const member = wellKnown === undefined ? `.${property.name}` : `[Symbol.${wellKnown}]`;
      this.#surface.set(`${name}${member}`, `${isReadonly(property) ? 'readonly ' : ''}${this.#use(property)}`);
    }
  }

  #use(symbol: ts.Symbol): string {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(symbol));
    const calls = type.getCallSignatures();
    if (calls.length === 0) return this.#text(type);
    return calls.map((call) => this.#signature(call, true)).join(' & ');
  }

  #signature(signature: ts.Signature, returns: boolean): string {
    const parameters = signature.parameters.map((parameter) => {
      const { valueDeclaration } = parameter;
      const optional =
        valueDeclaration !== undefined &&
        ts.isParameter(valueDeclaration) &&
        this.#checker.isOptionalParameter(valueDeclaration);
      const type = this.#checker.getTypeOfSymbol(parameter);
      return optional ? `${this.#text(this.#checker.getNonNullableType(type))}?` : this.#text(type);
    });
    const result = returns ? ` => ${this.#text(signature.getReturnType())}` : '';
    return `(${parameters.join(', ')})${result}`;
  }

  /** Union members in one order, whatever the declaration's. */
  #text(type: ts.Type, flags = ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope): string {
    const written = this.#checker.typeToString(type, undefined, flags | ts.TypeFormatFlags.NoTruncation);
    // Compilers of different years write the memory of a typed array differently.
    const text = written.replace(/(?<=Array)<(TArrayBuffer|ArrayBufferLike|B)>/g, '');
    return text.includes('=>') ? text : text.split(' | ').sort().join(' | ');
  }
}

function isReadonly(property: ts.Symbol): boolean {
  return property.declarations?.some((one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly) ?? false;
}

function isPublic(declaration: ts.Declaration | undefined): boolean {
  if (declaration === undefined) return true;
  const name = ts.getNameOfDeclaration(declaration);
  if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
  return !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}
