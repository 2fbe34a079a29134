/** The project's pages, and what in them points somewhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from '../tidy/source-file.js';

export interface Page {
  /** From the project's folder, with slashes. */
  path: string;
  text: string;
}

/** Not ours, or made by a build or a run. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.tap']);

/** Every file and folder of the project, by its path from the project's folder. */
export function projectPaths(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? [path, ...projectPaths(path)] : [path];
    });
}

export const readPage = (path: string): Page => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });

const FENCED = /^```.*?^```$/gms;
const withoutCode = (text: string) => text.replace(FENCED, '').replace(/`[^`\n]*`/g, '');

/** Where the page's links lead, but for those into the web: file from the project's folder, and heading. */
export function linksOf({ path, text }: Page): { file: string; heading: string | undefined }[] {
  return [...withoutCode(text).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, target = '']) => {
    const [file = '', heading] = target.split('#');
    return { file: file ? posix.join(posix.dirname(path), file) : path, heading };
  });
}

/** What a link to each heading is called, as GitHub makes it: a heading that comes again gets -1, -2 … */
export function anchorsOf({ text }: Page): string[] {
  const seen = new Map<string, number>();
  return [...text.replace(FENCED, '').matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times ? `${name}-${times}` : name;
  });
}

/** Source files that the page names, in its code blocks too. Where links lead is not looked at here. */
export const filesNamedIn = ({ text }: Page): string[] => [
  ...new Set(
    text.replace(/\]\([^)]*\)/g, ']').match(/(?<![\w./<-])[\w.*-]+(\/[\w.*-]+)*\.(ts|mjs|sql|lua)\b/g) ?? [],
  ),
];

/** Files and folders that stand in backticks with a slash. */
export const pathsQuotedIn = ({ text }: Page): string[] => [
  ...new Set(
    [...text.replace(FENCED, '').matchAll(/`([\w.-]+(?:\/[\w.*-]+)+)\/?`/g)].map(([, path = '']) => path),
  ),
];
