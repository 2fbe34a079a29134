import type { Bot, Command, Turn } from '../turn.js';

const MOST_ALBUMS = 5_000;

/** One line for what is not text and came without any; in a group and for an album's further parts, none. */
export function textOnly(turn: Turn, bot: Bot): Command | undefined {
  if (!turn.isPrivate || turn.media === undefined || isKnownAlbum(turn, bot)) return undefined;
  return async ({ view, words }) => {
    await view.say(words.basics.textOnly);
  };
}

/** The words below a picture or file are taken as text; a line before says what was not read. */
export function wordsAlone(command: Command): Command {
  return async (turn, bot) => {
    isKnownAlbum(turn, bot);
    if (turn.media !== undefined) await turn.view.say(turn.words.basics.unread[turn.media]);
    await command(turn, bot);
  };
}

/** Whether another part of this album came before; from now on, it has. */
function isKnownAlbum({ place, message }: Turn, { albums }: Bot): boolean {
  const id = message?.media_group_id;
  if (id === undefined) return false;
  if (albums.get(place) === id) return true;
  albums.delete(place);
  albums.set(place, id);
  if (albums.size > MOST_ALBUMS) albums.delete(albums.keys().next().value as string);
  return false;
}
