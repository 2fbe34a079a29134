import t from 'tap';
import { routes } from '../../src/http/routes.js';
import { testApp } from '../support/test-app.js';

/** What a secret is called in answers. */
const SECRETS = ['key', 'secret'];

t.test('every route whose answer shows a secret says so, and so keeps it out of caches', async (t) => {
  const { services } = await testApp(t);
  const showing = routes(services).filter(({ schema }) =>
    Object.values((schema?.response ?? {}) as Record<string, { properties?: object }>).some(
      ({ properties }) => SECRETS.some((name) => name in (properties ?? {})),
    ),
  );
  t.ok(showing.length > 0);
  for (const { method, url, config } of showing) t.ok(config?.answersSecret, `${method} ${url}`);
});
