import type { Pack } from '../billing/index.js';

/** `500 tokens`: a name that says no more than the size does. */
export function isCalledAfterSize({ name, tokens }: Pack): boolean {
  const digits = /^([\d\s,.]+) tokens?$/i.exec(name)?.[1]?.replace(/\D/g, '');
  return digits !== undefined && Number(digits) === tokens;
}
