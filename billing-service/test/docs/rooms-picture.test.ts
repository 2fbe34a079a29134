/** ARCHITECTURE.md shows the rooms as they are. */
import t from 'tap';
import { projectFile } from '../support/project-file.js';

type Arrow = { from: string; to: string; count: number };
type DrawRooms = (arrows?: Arrow[]) => string;

const script = new URL('../../../../scripts/rooms/draw-rooms.mjs', import.meta.url);
const { drawRooms } = (await import(script.href)) as { drawRooms: DrawRooms };
const isWrong = /class="(name )?up"/;

t.test('the picture of the rooms is the one that the code draws', async (t) => {
  t.equal(projectFile('docs/images/rooms.svg'), drawRooms(), 'else: npm run rooms');
});

t.test('an arrow that points up is drawn as wrong', async (t) => {
  const arrow = (from: string, to: string) => drawRooms([{ from, to, count: 1 }]);
  t.match(arrow('domain/users', 'domain/tokens'), isWrong);
  t.match(arrow('domain/users', 'stores/redis'), isWrong);
  t.notMatch(arrow('domain/tokens', 'domain/users'), isWrong);
  t.throws(() => arrow('domain/users', 'domain/attic'), { message: /domain\/attic has no place/ });
});
