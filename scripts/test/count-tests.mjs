/**
 * Counts the tests in one file's TAP. A test is a named `t.test(…)` with no other inside it: thousands of assertions
 * in a loop prove one thing, so assertions are not what is counted. A block that went wrong by itself (a crash, a
 * timeout, a failed assertion between inner tests) is one failed test; so is a file without any test. A test that
 * asserts by throwing alone (fast-check's properties) says nothing in TAP but that it ended well.
 */
import { Parser } from 'tap-parser';

/** @typedef {{ name: string, message: string, diag?: Record<string, unknown> }} Failure */

export class TestCounter {
  #parser = new Parser();
  #file = watch(this.#parser, []);

  /** @param {string} text */
  write(text) {
    this.#parser.write(text);
  }

  /**
   * @param {string} [ending] how the process ended, when it ended badly
   * @returns {{ passed: number, skipped: number, failures: Failure[] }}
   */
  end(ending) {
    this.#parser.end();
    const count = { passed: 0, skipped: 0, failures: [] };
    tally(this.#file, count);
    if (ending && count.failures.length === 0) count.failures.push({ name: '', message: ending });
    return count;
  }
}

/** The tree of blocks, filled while the text arrives. */
function watch(parser, path) {
  const block = { path, children: [], asserted: 0, skipped: 0, failed: [], bailout: false, isOk: true };
  parser.on('child', (child) => block.children.push(watch(child, [...path, child.name])));
  parser.on('assert', (result) => {
    // The line that closes an inner block repeats what its inside said.
    if (result.closingTestPoint) return;
    if (result.skip || result.todo) block.skipped += 1;
    else if (result.ok) block.asserted += 1;
    else block.failed.push(result);
  });
  parser.on('complete', (results) => {
    block.isOk = results.ok;
    block.bailout = results.bailout;
  });
  return block;
}

function tally(block, count) {
  const failuresBefore = count.failures.length;
  for (const child of block.children) tally(child, count);
  const fail = (message, diag) => count.failures.push({ name: block.path.join(' > '), message, diag });
  const isLeaf = block.children.length === 0;
  count.skipped += block.skipped;
  // What failed inside is reported there; tap repeats the name of a test that went on after its end at the outer level.
  const own = block.failed.filter(({ name }) => !block.children.some((child) => child.path.at(-1) === name));
  if (own.length > 0) fail(own[0].name, own[0].diag ?? undefined);
  else if (count.failures.length > failuresBefore) return;
  else if (block.bailout) fail(`bailed out: ${block.bailout}`);
  else if (!block.isOk) fail('did not end properly');
  else if (isLeaf && (block.asserted > 0 || (block.path.length > 0 && block.skipped === 0)))
    count.passed += 1;
  else if (isLeaf && block.skipped === 0) fail('ran no tests');
}
