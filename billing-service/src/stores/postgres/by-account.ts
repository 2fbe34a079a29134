/** The items of a batch by account, in the order of account numbers: that in which every statement takes its locks. */
export function byAccount<Item extends { userId: number }>(items: readonly Item[]): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(item.userId);
    if (group) group.push(item);
    else groups.set(item.userId, [item]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}
