// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What the compiler reads from the text of a format: the same specs that segments.ts finds when it runs.
import type { KeyExpr } from '../../key-expr.js';

/** What a field can be set to: its text. */
export type FieldValue = string | number | bigint | boolean | KeyExpr;

/** The insides of every `${...}` and `$#{...}#` of a format. */
type Specs<Text extends string> = Text extends `${string}$${infer Rest}`
  ? Rest extends `#{${infer Spec}}#${infer After}`
    ? Spec | Specs<After>
    : Rest extends `{${infer Spec}}${infer After}`
      ? Spec | Specs<After>
      : Specs<Rest>
  : never;

type Id<Spec extends string> = Spec extends `${infer Name}:${string}` ? Name : never;
type Defaulted<Spec extends string> = Spec extends `${infer Name}:${string}#${string}` ? Name : never;

/** The names of a format's fields; any text when the compiler does not know the format. */
export type FieldId<Format extends string> = string extends Format ? string : Id<Specs<Format>>;

type OptionalId<Format extends string> = string extends Format ? string : Defaulted<Specs<Format>>;

/** A value for each field of a format; those with a default may be missing. */
export type FieldValues<Format extends string> = {
  readonly [Name in Exclude<FieldId<Format>, OptionalId<Format>>]: FieldValue;
} & { readonly [Name in OptionalId<Format>]?: FieldValue | undefined };

/** The text of each field of a format, as found in a key. */
export type ParsedFields<Format extends string> = { readonly [Name in FieldId<Format>]: string };
