import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t, { type Test as T } from 'tap';
import { parse } from 'yaml';
import { completeOpenApiYaml } from '../../src/http/docs.js';
import { testApp } from '../support/test-app.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const committed = readFileSync(`${root}openapi.yaml`, 'utf8');

t.test('the committed openapi.yaml is what the routes say (else: npm run openapi)', async (t) => {
  t.equal(committed, completeOpenApiYaml());
});

t.test('the service serves the same document as YAML, as JSON and to /docs', async (t) => {
  const { call } = await testApp(t);
  const yaml = await call('GET', '/openapi.yaml', { key: null });
  t.equal(yaml.text, committed);
  const json = await call('GET', '/openapi.json', { key: null });
  t.strictSame(json.body, parse(committed));
  const page = await call('GET', '/docs', { key: null });
  t.equal(page.status, 200);
  t.match(page.text, /swagger-ui/);
  t.notMatch(page.text, /https?:\/\//, 'nothing is loaded from elsewhere');
});

const lint = (t: T, command: string, args: string[]) => {
  const path = `${root}node_modules/.bin/${command}`;
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: root, encoding: 'utf8' });
  t.equal(status, 0, `${command} finds no error`) || t.comment(stdout, stderr);
};

t.test('Redocly’s recommended-strict rules find no error', async (t) => {
  lint(t, 'redocly', ['lint', 'openapi.yaml', '--config', 'redocly.yaml']);
});

t.test('Spectral’s OWASP rules find no error', async (t) => {
  lint(t, 'spectral', ['lint', 'openapi.yaml', '--ruleset', '.spectral.yaml', '--fail-severity', 'error']);
});
