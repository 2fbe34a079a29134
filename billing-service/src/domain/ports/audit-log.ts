/** Who writes, through what, and by which call: it comes from outside once, and the stores put it beside the write. */
export interface Author {
  actor: Actor;
  /** The operationId of the call. */
  action: string;
  requestId: string;
  /** Where the call itself has no place for one. */
  reason: string | null;
  /** When it was asked; ms since the epoch. */
  at: number;
}

export interface Actor {
  apiKeyId: string;
  /** The key's name, as it was then. */
  name: string;
  via: 'api' | 'console' | 'cli';
}

/** What a write changed, as JSON shows it; null where nothing was, or nothing is left. */
export interface Change {
  /** Of what it was, besides the user: a tier, a key, a payment. Never a user's reference. */
  target: string | null;
  reason: string | null;
  before: object | null;
  after: object | null;
}

/** One write. `user` is the oldest of the user's references; null without a user, and of one who was erased. */
export interface AuditLine extends Author, Change {
  id: number;
  user: string | null;
}

/** Where a line stands in the list. */
export type AuditPlace = Pick<AuditLine, 'at' | 'id'>;

export interface AuditLog {
  /** Newest first. `from` ≤ at < `to`. */
  list(request: {
    apiKeyId?: string | undefined;
    userId?: number | undefined;
    action?: string | undefined;
    from?: number | undefined;
    to?: number | undefined;
    before?: AuditPlace | undefined;
    limit: number;
  }): Promise<AuditLine[]>;
}
