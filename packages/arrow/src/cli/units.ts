// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}

/** An amount with three digits that count, in the unit that fits. */
export function amount(bytes: number): string {
  const power = Math.max(
    0,
    SIZES.findLastIndex((_, i) => bytes >= 1000 ** i),
  );
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${SIZES[power]}`;
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A rate with three digits that count. */
export function perSecond(rate: number): string {
  return rate >= 100 ? thousands(Math.round(rate)) : String(Number(rate.toPrecision(3)));
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function milliseconds(ms: number): string {
  return Number(ms.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}
