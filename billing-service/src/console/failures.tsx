import { UnavailableError } from '../domain/ports/unavailable-error.js';
import { ApiProblem } from './api.js';
import type { ConsoleReply } from './exchange.js';
import { FormError } from './parts/form.js';
import { Document, html, Layout } from './parts/layout.js';
import type { Look, Visit } from './visit.js';

/** What a page could not do, in words. What is no answer of the API is a fault of ours, and the app's to report. */
export function answerFailure(visit: Visit, error: unknown): ConsoleReply {
  if (error instanceof FormError) {
    return failurePage(visit, 400, visit.words.cannotBe, [`${error.field}: ${error.rule}`]);
  }
  if (!(error instanceof ApiProblem)) throw error;
  const { status, problem } = error;
  if (status === 404) return notFoundPage(visit, problem.detail);
  const errors = problem.errors?.map(({ field, message }) => `${field} ${message}`) ?? [problem.detail];
  return failurePage(visit, status, visit.words.cannotBe, [
    ...errors,
    ...(problem.requestId ? [problem.requestId] : []),
  ]);
}

export const notFoundPage = (visit: Visit, detail = visit.words.notFound): ConsoleReply =>
  failurePage(visit, 404, visit.words.notFound, [detail]);

/** A form of another session, or of no page of ours. */
export const staleForm = (visit: Visit): ConsoleReply =>
  failurePage(visit, 403, visit.words.cannotBe, [visit.words.formIsStale]);

/** Where the database does not answer, nobody can be signed in either. */
export function awayPage({ words, locale }: Look, error: unknown): ConsoleReply {
  if (!(error instanceof UnavailableError)) throw error;
  const page = html(
    <Document title={words.away} lang={locale}>
      <main class="door" id="main">
        <section class="card">
          <h1>{words.away}</h1>
          <p>{words.awayHint}</p>
        </section>
      </main>
    </Document>,
    503,
  );
  return { ...page, headers: { ...page.headers, 'retry-after': '1' } };
}

const failurePage = (visit: Visit, status: number, title: string, lines: string[]): ConsoleReply =>
  html(
    <Layout visit={visit} title={title} section="today">
      <section class="card">
        {lines.map((line) => (
          <p>{line}</p>
        ))}
        <p class="quiet">{visit.words.goBackHint}</p>
      </section>
    </Layout>,
    status,
  );
