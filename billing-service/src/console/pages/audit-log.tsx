import type { AuditLine } from '../answers.js';
import type { Page } from '../api.js';
import { Filters } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { differences } from './differences.js';

const PAGE = 50;
const FILTERS = ['user', 'action', 'actor'] as const;

/** GET /console/audit-log: who changed what, why, and from what to what. */
export const auditLogPage: PageHandler = async (visit) => {
  const { api, request, words } = visit;
  const { cursor, user, action, actor } = request.query;
  const page = await api.get<Page<AuditLine>>('/audit-log', { cursor, user, action, actor, limit: PAGE });
  const list = auditList(visit, page, true);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.auditLog} section="audit-log">
        <Filters
          {...{ action: '/console/audit-log', submit: words.show }}
          fields={FILTERS.map((name) => ({
            name,
            label: words.auditFilters[name],
            value: request.query[name],
          }))}
        />
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
      </Layout>,
    )
  );
};

export function auditList(visit: Visit, page: Page<AuditLine>, hasUser: boolean): List<AuditLine> {
  const { words, show } = visit;
  const whom = {
    name: words.auditFilters.user,
    place: 'plain' as const,
    cell: ({ user, target }: AuditLine) => ({
      text: user ?? target ?? '',
      href: user ? hrefOf('users', user) : undefined,
      note: user && target ? target : undefined,
    }),
  };
  return {
    ...{ id: 'audit-log', title: words.auditLog, rows: page.items, empty: words.nothingYet },
    nextCursor: page.nextCursor,
    columns: [
      { name: words.time, place: 'plain', cell: ({ at }) => ({ text: show.time(at), at }) },
      { name: words.auditFilters.action, place: 'title', cell: ({ action }) => ({ text: action }) },
      {
        name: words.who,
        place: 'plain',
        cell: ({ actor }) => ({ text: actor.name, note: actor.via, raw: `${actor.apiKeyId} ${actor.via}` }),
      },
      ...(hasUser ? [whom] : []),
      { name: words.reason, cell: ({ reason }) => ({ text: reason ?? '' }) },
      { name: words.whatChanged, cell: ({ before, after }) => ({ lines: differences(before, after) }) },
    ],
  };
}
