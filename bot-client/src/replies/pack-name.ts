import type { Pack } from '../billing/index.js';

/** Whether the name only repeats the size, like `500 tokens`. */
export function isCalledAfterSize({ name, tokens }: Pack): boolean {
  const digits = /^([\d\s,.]+) tokens?$/i.exec(name)?.[1]?.replace(/\D/g, '');
  return digits !== undefined && Number(digits) === tokens;
}
