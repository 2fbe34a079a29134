import { html, Layout } from '../parts/layout.js';
import type { PageHandler } from '../visit.js';

/** What runs, and whether what it stands on is well. */
export const aboutPage: PageHandler = async (visit) => {
  const { api, words, show, now } = visit;
  const [ready, document] = await Promise.all([
    api.get<Record<string, string>>('/readyz').catch(() => ({ database: 'down' }) as Record<string, string>),
    api.get<{ info: { version: string } }>('/openapi.json'),
  ]);
  const facts: [string, string][] = [
    ['Farebox', document.info.version],
    ['Node.js', process.versions.node],
    ...Object.entries(ready),
    [words.serviceTime, `${show.time(new Date(now).toISOString())} (${show.zone})`],
    [words.signedInAs, `${visit.operator.name}: ${[...visit.operator.scopes].join(', ')}`],
  ];
  return html(
    <Layout visit={visit} title={words.about} section="about">
      <section class="card">
        <dl class="pairs">
          {facts.map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p>
          <a href="/docs">API</a>
        </p>
      </section>
    </Layout>,
  );
};
