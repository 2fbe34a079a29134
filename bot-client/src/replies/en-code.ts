import type { CodeWords } from './code-words.js';
import { en, enCount } from './plural.js';
import { inSeconds } from './relative-time.js';

export const enCode: CodeWords = {
  ask: 'Send the code after the command, such as /code MAY-K7PX-M4QT-9WVHN.',
  redeemed: (granted, available) =>
    `🎁 ${enCount(granted, 'token', 'tokens')} for you. You have ${en(available)} now.`,
  unknown:
    'I do not know this code. Check it and send it again; big or small letters and dashes do not matter.',
  used: {
    byUser: 'You have used this code already; its tokens were added then.',
    byOthers: 'This code has been used up.',
  },
  expired: 'This code is no longer valid.',
  wait: (seconds) => `Those were too many wrong codes. Try again ${inSeconds(seconds, 'en')}.`,
};
