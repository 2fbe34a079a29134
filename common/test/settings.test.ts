import t from 'tap';
import { SettingsError, SettingsReader } from '../src/settings.js';

function faultsOf(env: Record<string, string>, read: (read: SettingsReader) => void): readonly string[] {
  const reader = new SettingsReader(env);
  read(reader);
  try {
    reader.end();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

t.test('all that is wrong is told at once, each by its name and its rule, none by its value', async (t) => {
  const names = ['SHAPE', 'WHOLE', 'PART', 'FLAG', 'CHOICE', 'URL', 'URLS'];
  const env = Object.fromEntries(names.map((name) => [name, 'a secret, by mistake']));
  const faults = faultsOf(env, (read) => {
    t.equal(read.matching('SHAPE', /^\w+$/, 'one word'), undefined);
    t.equal(read.required('MISSING', /^\w+$/, 'one word'), '');
    t.equal(read.integer('WHOLE', 7, 1, 9), 7);
    t.equal(read.number('PART', 0.5, 9), undefined);
    t.equal(read.flag('FLAG', true), true);
    t.equal(read.choice('CHOICE', ['a', 'b'], 'a'), 'a');
    t.equal(read.url('URL', ['http:', 'https:']), undefined);
    read.urls('URLS', ['redis:']);
    read.refuse('FLAG', 'needs CHOICE');
  });
  t.strictSame(faults, [
    'SHAPE: must be one word',
    'MISSING: is needed: one word',
    'WHOLE: must be a whole number from 1 to 9',
    'PART: must be a number from 0.5 to 9',
    'FLAG: must be true or false',
    'CHOICE: must be one of a, b',
    'URL: must be a URL that begins with http:// or https://',
    'URLS: must be a URL that begins with redis://',
    'FLAG: needs CHOICE',
  ]);
});

t.test('what is well is read, and what is empty is not set', async (t) => {
  const env = { WHOLE: ' 9 ', PART: '0.5', FLAG: 'false', CHOICE: 'b', URL: 'https://a/b', EMPTY: ' ' };
  const faults = faultsOf(env, (read) => {
    t.equal(read.integer('WHOLE', 7, 1, 9), 9);
    t.equal(read.number('PART', 0.5, 9), 0.5);
    t.equal(read.flag('FLAG', true), false);
    t.equal(read.choice('CHOICE', ['a', 'b'], 'a'), 'b');
    t.equal(read.url('URL', ['https:']), 'https://a/b');
    t.same(read.urls('EMPTY', ['redis:']), []);
    t.equal(read.text('EMPTY', 'otherwise'), 'otherwise');
    t.equal(read.integer('EMPTY', 7, 1, 9), 7);
  });
  t.same(faults, []);
});
