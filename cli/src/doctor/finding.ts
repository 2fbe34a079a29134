/** One thing that was looked at. `bad` is in the way; `warn` will be, or may be meant. */
export interface Finding {
  what: string;
  state: 'ok' | 'warn' | 'bad';
  /** What is so, and what to do about it, for a person. */
  words: string;
}

export const finding = (what: string, state: Finding['state'], words: string): Finding => ({
  what,
  state,
  words,
});
