/** What a person reads: one line a file, what failed and why, and the counts alone on the last line. */

/** Longer than any of our test names; a diff below it is what matters. */
const MAX_DIAG_LINES = 40;
/** tap's bookkeeping, of no use to someone who reads a failure. */
const UNREAD = new Set(['typeName', 'methodName', 'functionName', 'isToplevel', 'columnNumber', 'compare']);

export function reportFile({ file, durationMs, errors, passed, skipped, failures }) {
  const seconds = (durationMs / 1000).toFixed(1);
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`${failures.length > 0 ? 'FAIL' : 'ok  '} ${file} (${passed} passed${left}, ${seconds} s)`);
  for (const { name, message, diag } of failures) {
    console.log(`     ✖ ${name ? `${name}: ` : ''}${message}`);
    if (diag) console.log(indent(describe(diag)));
  }
  if (failures.length > 0 && errors.trim()) console.log(indent(`stderr:\n${errors.trimEnd()}`));
}

function describe(diag) {
  const { at, source, diff, stack, ...rest } = diag;
  const lines = [];
  if (at && typeof at === 'object') lines.push(`at ${at.fileName}:${at.lineNumber}`);
  for (const [key, value] of Object.entries(rest)) {
    if (!UNREAD.has(key)) lines.push(`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  for (const text of [diff, source, stack]) if (typeof text === 'string') lines.push(text.trimEnd());
  return lines.join('\n').split('\n').slice(0, MAX_DIAG_LINES).join('\n');
}

function indent(text) {
  return text.replace(/^/gm, '       ');
}

/** @returns {boolean} whether the run may be called a success */
export function reportTotals(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failures.length, 0);
  const skipped = results.reduce((sum, result) => sum + result.skipped, 0);
  const bad = results.filter(({ failures }) => failures.length > 0).map(({ file }) => file);
  console.log('');
  if (bad.length > 0) console.log(`Failed in:\n${bad.map((file) => `  ${file}`).join('\n')}`);
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}
