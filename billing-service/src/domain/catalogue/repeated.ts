/** The positions of items whose name an earlier item has already. */
export const repeated = <T>(items: readonly T[], nameOf: (item: T) => string): number[] => {
  const names = items.map(nameOf);
  return [...names.keys()].filter((index) => names.indexOf(names[index] as string) < index);
};
