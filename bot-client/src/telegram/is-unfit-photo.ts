import type { TelegramFault } from './telegram-api.js';

/** What Telegram says of a picture that it would still take as a file: too large, too long, or not quite a picture. */
const UNFIT = [
  'PHOTO_INVALID_DIMENSIONS',
  'IMAGE_PROCESS_FAILED',
  'PHOTO_SAVE_FILE_INVALID',
  'PHOTO_EXT_INVALID',
];

export function isUnfitPhoto(fault: TelegramFault): boolean {
  return fault.code === 413 || (fault.code === 400 && UNFIT.some((word) => fault.says(word)));
}
