import t from 'tap';
import { cursorOf, keyAfter, pageOf } from '../../src/domain/page.js';

const numbers = cursorOf<number>('number', String, (text) => (/^\d+$/.test(text) ? Number(text) : null));

t.test('a cursor brings its key back, and nothing else does', async (t) => {
  t.equal(numbers.decode(numbers.encode(42)), 42);
  const other = cursorOf<number>('other', String, Number);
  for (const text of ['', 'x', '%', other.encode(42), `${numbers.encode(42)}=`, ` ${numbers.encode(42)}`]) {
    t.equal(numbers.decode(text), null, text);
  }
  t.equal(numbers.decode(Buffer.from('number:007').toString('base64url')), null, 'only as we write it');
});

t.test('a bad cursor is refused and named', async (t) => {
  t.match(keyAfter(numbers, 'x'), { ok: false, refusal: { kind: 'invalid', errors: [{ field: 'cursor' }] } });
  t.strictSame(keyAfter(numbers, undefined), { ok: true, value: undefined });
});

t.test('a page says that there is more only where there is', async (t) => {
  t.strictSame(pageOf([1, 2, 3], 2, numbers.encode), { items: [1, 2], nextCursor: numbers.encode(2) });
  t.strictSame(pageOf([1, 2], 2, numbers.encode), { items: [1, 2] });
  t.strictSame(pageOf([], 2, numbers.encode), { items: [] });
});
