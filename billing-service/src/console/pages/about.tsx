import { ApiProblem } from '../api.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import type { Instance, Pool, Service, Setting } from '../service-answers.js';
import type { PageHandler, Visit } from '../visit.js';

/** GET /console/about: what runs, and whether what it stands on is well. */
export const aboutPage: PageHandler = async (visit) => {
  const { api, words } = visit;
  const [ready, service] = await Promise.all([
    api.get<Record<string, string>>('/readyz').catch(awayOr),
    api.get<Service>('/service'),
  ]);
  const lists = [
    instanceList(visit, service.instances),
    poolList(visit, service.pools),
    settingList(visit, service.settings),
  ];
  return (
    csvAsked(visit, ...lists) ??
    html(
      <Layout visit={visit} title={words.about} section="about">
        <section class="card">
          <dl class="pairs">
            {factsOf(visit, ready, service).map(([name, value]) => (
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
        {lists.map((list) => (
          <section class="card">
            <h2>{list.title}</h2>
            <ListTable list={list as List<unknown>} visit={visit} />
          </section>
        ))}
        <p class="quiet">{words.aboutHint}</p>
      </Layout>,
    )
  );
};

function awayOr(error: unknown): Record<string, string> {
  if (error instanceof ApiProblem && error.status === 503) return { database: 'down' };
  throw error;
}

function factsOf(visit: Visit, ready: Record<string, string>, service: Service): [string, string][] {
  const { words, show, now, operator } = visit;
  return [
    ['Farebox', service.version],
    ['Node.js', service.node],
    [words.database, `${service.database === 'pglite' ? 'PGlite' : 'Postgres'}: ${ready.database}`],
    [words.limits, ready.limits ?? '–'],
    [words.clock, `${show.number(Math.round(service.clockBehindMs))} ms`],
    [words.serviceTime, `${show.time(new Date(now).toISOString())} (${show.zone})`],
    [words.signedInAs, `${operator.name}: ${[...operator.scopes].join(', ')}`],
  ];
}

const instanceList = ({ words, show }: Visit, rows: Instance[]): List<Instance> => ({
  ...{ id: 'instances', title: words.instances, rows, empty: words.nothingYet },
  columns: [
    { name: words.machine, place: 'title', cell: ({ host, id }) => ({ text: host, note: id }) },
    { name: words.version, place: 'side', cell: ({ version }) => ({ text: version }) },
    {
      name: words.started,
      cell: ({ startedAt }) => ({ text: show.time(startedAt), at: startedAt }),
    },
    { name: words.seen, cell: ({ seenAt }) => ({ text: show.fromNow(seenAt), at: seenAt }) },
  ],
});

const poolList = ({ words, show }: Visit, rows: Pool[]): List<Pool> => {
  const number = (name: string, of: (pool: Pool) => number) => ({
    ...{ name, isNumber: true },
    cell: (pool: Pool) => ({ text: show.number(of(pool)), raw: of(pool) }),
  });
  return {
    ...{ id: 'pools', title: words.connections, rows, empty: words.noPools },
    columns: [
      { name: words.name, place: 'title', cell: ({ name }) => ({ text: name }) },
      number(words.inUse, ({ size, idle }) => size - idle),
      number(words.openOnes, ({ size }) => size),
      number(words.atMostOf, ({ most }) => most),
      {
        ...{ name: words.waitingCalls, isNumber: true },
        cell: ({ waiting }) => ({
          text: show.number(waiting),
          raw: waiting,
          tone: waiting > 0 ? 'bad' : undefined,
        }),
      },
    ],
  };
};

const settingList = ({ words }: Visit, rows: Setting[]): List<Setting> => ({
  ...{ id: 'settings', title: words.settings, rows, empty: words.nothingYet },
  columns: [
    { name: words.name, place: 'title', cell: ({ name }) => ({ text: name }) },
    {
      name: words.value,
      place: 'plain',
      cell: ({ value }) =>
        value === null ? { text: words.notSet, raw: null, tone: 'quiet' } : { text: value },
    },
  ],
});
