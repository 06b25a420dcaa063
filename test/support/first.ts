// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What is seen of the first items of a loop, which is then left. */
export async function first<Item, Seen>(
  items: AsyncIterable<Item>,
  count: number,
  see: (item: Item) => Seen,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const item of items) {
    seen.push(see(item));
    if (seen.length === count) break;
  }
  return seen;
}
