/** What may be said with an operator's write, for the audit log. */
export interface WriteOptions {
  /** Why; at most 500 characters. */
  reason?: string;
}

/** In a header a reason travels percent-encoded: headers have no letters beyond Latin ones. */
export const saying = ({ reason }: { reason?: string | undefined } = {}): Record<string, string> =>
  reason === undefined ? {} : { 'x-farebox-reason': encodeURIComponent(reason) };
