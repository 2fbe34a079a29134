import type { Media } from '../replies/words.js';
import type { TgMessage } from './types.js';

/** The Bot API's names of what a person can send besides text; anything else is a service message. */
const KINDS: Record<string, Media> = {
  photo: 'photo',
  document: 'document',
  animation: 'document',
  voice: 'sound',
  audio: 'sound',
  video_note: 'sound',
  video: 'other',
  live_photo: 'photo',
  sticker: 'other',
  location: 'other',
  venue: 'other',
  contact: 'other',
  poll: 'other',
  dice: 'other',
  story: 'other',
  game: 'other',
  checklist: 'other',
  paid_media: 'other',
};

export function mediaOf(message: TgMessage): Media | undefined {
  const kind = Object.keys(KINDS).find((name) => name in message);
  return kind === undefined ? undefined : KINDS[kind];
}
