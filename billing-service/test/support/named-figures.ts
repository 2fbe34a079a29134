/** Figures by name: those that docs/operations.md tells of, and those that a query asks for. */
import { projectFile } from './project-file.js';

/** A chapter of docs/operations.md, by its heading. */
export const chapter = (title: string): string =>
  projectFile('docs/operations.md').split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

export const figuresInDocs = (): string[] =>
  [...chapter('Figures').matchAll(/^\| `([a-z_]+)/gm)].map(([, name = '']) => name);

/** What every program has, and the docs need not tell of. */
const OF_THE_PROCESS = /^(nodejs|process)_/;
/** Names in a query that are no label, function or word of the language: all figures have an underscore. */
const NAME = /(?<!["$\w])[a-z]+_[a-z0-9_]+(?![\w(]|\s*=)/g;
const OF_PROMQL = /^(?:histogram_quantile|min_over_time|max_over_time)$/;

/** Figures of this project that a PromQL query asks for, histograms by their own name. */
export function figuresIn(query: string): string[] {
  const names = (query.replaceAll(/"[^"]*"/g, '""').match(NAME) ?? []).filter(
    (name) => !OF_PROMQL.test(name) && !OF_THE_PROCESS.test(name),
  );
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

/** Those of the query that nobody has heard of. */
export function unknownFigures(query: string): string[] {
  const known = figuresInDocs();
  return figuresIn(query).filter((name) => !known.includes(name));
}
