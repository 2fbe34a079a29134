/** A dependency did not answer; http turns it into 503 `unavailable`. `message` is for the log, never for the caller. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
