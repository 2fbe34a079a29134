/** .env.example is the list of settings: a copy of it has them all, and works as it stands. */
import { parseEnv } from 'node:util';
import t from 'tap';
import { readConfig } from '../../src/config.js';
import { projectFile } from '../support/project-file.js';

const example = projectFile('.env.example');

/** `read.integer('PORT', …)`, `read.optional('AI_API_KEY', …)`: the name is always a literal. */
function settingsReadBy(path: string): string[] {
  return [...projectFile(path).matchAll(/\bread\s*\.\s*\w+\(\s*'([A-Z][A-Z0-9_]*)'/g)].map(
    (match) => match[1] ?? '',
  );
}

/** `${NAME:?…}` in docker-compose.yml, which reads .env too. */
function settingsOfCompose(): string[] {
  return [...projectFile('docker-compose.yml').matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map(
    (match) => match[1] ?? '',
  );
}

t.test('.env.example names exactly the settings that the programs and docker-compose.yml read', async (t) => {
  const service = settingsReadBy('billing-service/src/config.ts');
  t.ok(service.includes('DATABASE_URL') && service.length >= 10, 'the settings were found in config.ts');
  const read = [...service, ...settingsReadBy('bot-client/src/config.ts'), ...settingsOfCompose()];
  t.same(Object.keys(parseEnv(example)).sort(), [...new Set(read)].sort());
});

t.test('.env.example as it stands is accepted, and changes no default', async (t) => {
  t.same(readConfig(parseEnv(example)), readConfig({}));
});

t.test('every setting in .env.example is explained above it', async (t) => {
  const paragraphs = example.trim().split(/\n\n+/);
  for (const paragraph of paragraphs) t.match(paragraph, /^#/, `explained: ${paragraph.split('\n')[0]}`);
});
