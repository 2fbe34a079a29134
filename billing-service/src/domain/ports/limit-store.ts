import type { Policy } from '../catalogue/catalogue.js';
import type { LimitDecision } from '../limits/limit-policy.js';

export interface LimitRequest {
  /** Limits are counted per user number, whatever reference was used. */
  userId: number;
  tier: string;
  operation: string;
  /** Those of the tier that bear on the operation: its own and `*`, in the tier's order. */
  policies: Policy[];
  cost: number;
  peek: boolean;
  /** Null only for a peek. */
  checkId: string | null;
  /** How long an entry must be kept so that a change of tier keeps the count: the longest window of any tier. */
  retainSeconds: number;
}

/** A check id means one check of one user and operation. */
export interface UndoRequest {
  userId: number;
  operation: string;
  checkId: string;
  retainSeconds: number;
}

export interface LimitStore {
  take(request: LimitRequest): Promise<LimitDecision>;
  /** True where a count was given back by this call. */
  undo(request: UndoRequest): Promise<boolean>;
  close(): Promise<void>;
}
