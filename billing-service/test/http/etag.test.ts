import t from 'tap';
import { etagOf, isKnown, preconditionOf } from '../../src/http/etag.js';

const tier = { id: 'gift', position: 0 };
const etag = etagOf(tier);

t.test('the tag is strong, and changes with the content', async (t) => {
  t.match(etag, /^"[\w-]{22}"$/);
  t.equal(etagOf({ ...tier }), etag);
  t.not(etagOf({ ...tier, position: 1 }), etag);
});

t.test('If-None-Match knows its own tag among others, weak ones and *', async (t) => {
  t.ok(isKnown(etag, etag));
  t.ok(isKnown(`"other", W/${etag}`, etag));
  t.ok(isKnown('*', etag));
  t.notOk(isKnown('"other"', etag));
  t.notOk(isKnown(undefined, etag));
});

t.test('If-Match lets a write through only where the present one is named', async (t) => {
  const holds = (ifMatch: string, present: unknown) => preconditionOf({ 'if-match': ifMatch })(present);
  t.ok(holds(etag, tier));
  t.ok(holds(`"other",${etag}`, tier));
  t.ok(holds('*', tier));
  t.notOk(holds('"other"', tier));
  t.notOk(holds(`W/${etag}`, tier), 'a weak tag is no promise');
  t.notOk(holds('nonsense', tier));
  t.notOk(holds(etag, undefined));
  t.notOk(holds('*', undefined));
});

t.test('without a condition every write goes; If-None-Match: * only makes new ones', async (t) => {
  t.ok(preconditionOf({})(tier));
  t.ok(preconditionOf({})(undefined));
  t.ok(preconditionOf({ 'if-none-match': '*' })(undefined));
  t.notOk(preconditionOf({ 'if-none-match': '*' })(tier));
});
