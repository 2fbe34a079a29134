/** A dependency did not answer; http turns it into 503 `unavailable`. `message` is for the log, never for the caller. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** Nothing is broken, but more waits than can be answered in time; nothing was begun. The same 503 to the caller. */
export class OverloadedError extends UnavailableError {
  override readonly name = 'OverloadedError';

  /** `refused`: at once, as its turn would come too late. `late`: it was taken, and its turn did not come in time. */
  constructor(
    message: string,
    readonly kind: 'refused' | 'late' = 'refused',
  ) {
    super(message);
  }
}
