/** What the service offers is named where people look for it. */
import t from 'tap';
import { parse } from 'yaml';
import { projectFile } from '../support/project-file.js';

t.test('docs/api.md names every call of openapi.yaml', async (t) => {
  const { paths } = parse(projectFile('openapi.yaml')) as { paths: Record<string, Record<string, unknown>> };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['get', 'put', 'post', 'delete', 'patch'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.ok(calls.length > 30, 'the calls were found');
  const page = projectFile('docs/api.md');
  t.same(
    calls.filter((call) => !page.includes(`**\`${call}\`**`)),
    [],
  );
});

t.test('docs/operations.md names every setting of the service with its default', async (t) => {
  const example = projectFile('.env.example').split('# --- ')[0] ?? '';
  const settings = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)];
  t.ok(settings.length > 10, 'the settings were found');
  const page = projectFile('docs/operations.md');
  for (const [, name = '', value] of settings)
    t.match(page, `| \`${name}\` | ${value ? `\`${value}\`` : ''}`, name);
});
