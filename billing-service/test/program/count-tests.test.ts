/** The last line of `npm test` is only worth something if no bad end is counted as a good one. */
import t from 'tap';

interface Count {
  passed: number;
  skipped: number;
  failures: { name: string; message: string }[];
}

interface Counter {
  write(text: string): void;
  end(ending?: string): Count;
}

const SCRIPT = new URL('../../../../scripts/test/count-tests.mjs', import.meta.url);
const { TestCounter } = (await import(SCRIPT.href)) as { TestCounter: new () => Counter };

function count(tap: string, ending?: string): { passed: number; failed: string[] } {
  const counter = new TestCounter();
  counter.write(`TAP version 14\n${tap}`);
  const { passed, failures } = counter.end(ending);
  return { passed, failed: failures.map(({ name, message }) => `${name}: ${message}`) };
}

const GOOD = '# Subtest: good\n    ok 1 - x\n    ok 2 - y\n    1..2\nok 1 - good\n';

t.test('a test counts once, however many assertions it makes', async (t) => {
  t.same(count(`${GOOD}1..1\n`), { passed: 1, failed: [] });
});

t.test('a test that asserts by throwing alone counts as passed when it ends well', async (t) => {
  t.same(count('# Subtest: law\n    1..0\nok 1 - law\n1..1\n'), { passed: 1, failed: [] });
});

t.test('a failed assertion fails its own test, and no other', async (t) => {
  const bad = '# Subtest: bad\n    not ok 1 - sum\n    1..1\nnot ok 2 - bad\n1..2\n';
  t.same(count(GOOD + bad), { passed: 1, failed: ['bad: sum'] });
});

t.test('a failure in a group, outside its inner tests, is not lost', async (t) => {
  const inner = '    # Subtest: inner\n        ok 1 - x\n        1..1\n    ok 1 - inner\n';
  const tap = `# Subtest: group\n${inner}    not ok 2 - after\n    1..2\nnot ok 1 - group\n1..1\n`;
  t.same(count(tap), { passed: 1, failed: ['group: after'] });
});

t.test('a file that ends early, runs no tests, or ends badly after good ones has failed', async (t) => {
  t.not(count('# Subtest: cut\n    ok 1 - x\n').failed.length, 0, 'cut off in the midst of a test');
  t.not(count('').failed.length, 0, 'nothing at all');
  t.not(count('1..0 # no tests found\n').failed.length, 0, 'no tests');
  t.same(count(`${GOOD}1..1\n`, 'exit code 1').failed, [': exit code 1'], 'a bad exit after good tests');
  t.not(count(`${GOOD}Bail out! stop\n`).failed.length, 0, 'a bail-out');
});
