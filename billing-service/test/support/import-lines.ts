/** Sends an import and reads its answer. */
import type { Json, TestApp } from './test-app.js';

export interface Imported {
  status: number;
  problems: Json[];
  summary: Json;
  text: string;
}

/** Objects go as JSON, texts as they are. */
export const bodyOf = (lines: readonly (object | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

export function answerOf(status: number, text: string): Imported {
  const answer = status === 200 ? text.split('\n').slice(0, -1) : [];
  const parsed = answer.map((line): Json => JSON.parse(line));
  return { status, problems: parsed.slice(0, -1), summary: parsed.at(-1), text };
}

export async function importLines(
  { call }: Pick<TestApp, 'call'>,
  lines: readonly (object | string)[],
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Imported> {
  const { status, text } = await call('POST', `/import/users${query}`, {
    body: bodyOf(lines),
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  return answerOf(status, text);
}
