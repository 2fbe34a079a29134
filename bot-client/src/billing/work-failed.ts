import type { Balance } from './types.js';

/** The work failed or was cancelled before it delivered; nothing was or will be charged. */
export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
  constructor(
    override readonly cause: unknown,
    /** After the refund; undefined: the service could not be reached, the tokens come back as soon as it can. */
    readonly balance: Balance | undefined,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}
