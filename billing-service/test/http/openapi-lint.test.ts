import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** Both load slowly, and more so on a busy machine. */
const TIMEOUT_MS = 180_000;
t.setTimeout(2 * TIMEOUT_MS);

const lint = (t: Test, command: string, args: string[]) => {
  const { status, stdout, stderr } = spawnSync(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    // Neither may look for updates or tell anybody that it ran.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  t.equal(status, 0, `${command} finds no error`) || t.comment(stdout, stderr);
};

t.test('Redocly’s recommended-strict rules find no error', { timeout: TIMEOUT_MS }, async (t) => {
  lint(t, 'redocly', ['lint', 'openapi.yaml', '--config', 'redocly.yaml']);
});

t.test('Spectral’s OWASP rules find no error', { timeout: TIMEOUT_MS }, async (t) => {
  lint(t, 'spectral', ['lint', 'openapi.yaml', '--ruleset', '.spectral.yaml', '--fail-severity', 'error']);
});
