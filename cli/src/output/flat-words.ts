import type { LocalTimes } from './local-times.js';
import { type Policy, policyWords } from './policy-words.js';

export type Picture = Readonly<Record<string, unknown>> | null;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Members of members by their path, in words: `balance.available` → `1,150`. */
export function flatWords(picture: Picture, times: LocalTimes, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(picture ?? {}).flatMap(([name, value]) => {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject
        ? Object.entries(flatWords(value as Picture, times, `${path}${name}.`))
        : [[`${path}${name}`, inWords(value, times)]];
    }),
  );
}

function inWords(value: unknown, times: LocalTimes): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return value.toLocaleString('en-US');
  if (Array.isArray(value)) return value.map(itemWords).join(', ') || 'none';
  return TIME.test(String(value)) ? times.short(String(value)) : String(value);
}

/** A rate limit is said as people say it; other objects by what they hold. */
function itemWords(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  return 'windowSeconds' in item ? policyWords(item as Policy) : Object.values(item).join(' ');
}
