/** Nothing to read: spaces, and the letters that look like none and pass Telegram's own check. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}\p{Cc}\u115F\u1160\u2800\u3164\uFFA0]*$/u.test(text);
}
