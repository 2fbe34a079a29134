import { duration, number } from './figures.js';

export interface Policy {
  operation: string;
  limit: number;
  windowSeconds: number;
}

/** 10 × chatgpt_message in 60 s; all together where it is `*`. */
export const policyWords = ({ operation, limit, windowSeconds }: Policy): string =>
  `${number(limit)} × ${operation === '*' ? 'anything' : operation} in ${duration(windowSeconds)}`;
