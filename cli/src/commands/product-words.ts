import { number } from '../output/figures.js';
import type { LocalTimes } from '../output/local-times.js';

interface Product {
  tier?: string;
  months?: number;
  until?: string;
  pack?: string;
  tokens?: number;
}

export function productWords({ tier, months, until, pack, tokens }: Product, times: LocalTimes): string {
  if (tier !== undefined)
    return months === undefined
      ? `${tier} until ${until ? times.short(until) : ''}`
      : `${tier}, ${months} mo`;
  return pack ?? `${number(tokens ?? 0)} tokens`;
}
