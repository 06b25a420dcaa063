// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** A text as a literal, with the quotes that need fewer escapes, as formatters have it. */
export function quoted(text: string): string {
  const json = JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
  const quotes = (quote: string) => text.split(quote).length;
  return quotes("'") > quotes('"') ? json : `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A character that can't be seen, or changes how a line looks, by its code units. */
function escaped(character: string): string {
  return character.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
