import t from 'tap';
import { differences } from '../../src/console/pages/differences.js';

t.test('leaf by leaf: what changed, came and went; lists as a whole; at most twelve', async (t) => {
  t.strictSame(
    differences(
      { tier: 'gift', balance: { available: 30, reserved: 5 }, upcoming: [], ended: 'x' },
      { tier: 'gift', balance: { available: 130, reserved: 5 }, upcoming: ['pro'], begun: true },
    ),
    ['balance.available: 30 → 130', 'upcoming: [] → ["pro"]', 'ended: x → –', 'begun: – → true'],
  );
  t.strictSame(differences(null, { id: 'team' }), ['id: – → team']);
  t.strictSame(differences({ id: 'team' }, null), ['id: team → –']);
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`m${i}`, i]));
  t.equal(differences(null, many).at(-1), '…');
  t.equal(differences(null, many).length, 13);
});
