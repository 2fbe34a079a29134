/** Style that a reader relies on and a compiler does not hold. Each rule answers with what is wrong, or with nothing. */
import { basename } from 'node:path';
import ts from 'typescript';
import { everyNode, lineOf, type SourceFile } from './source-file.js';

const MAX_FILE_LINES = 200;
const MAX_FUNCTION_LINES = 70;

/** The environment is read in one file for both programs, and by the tests' launcher and its counterpart. */
/** An example stands alone: a stranger copies it into a project that has no settings room. */
const READS_ENVIRONMENT =
  /^(common\/src\/settings\.ts|scripts\/.*|bench\/.*|bot-client\/examples\/.*|[^/]+\/test\/.*)$/;
/** Written by a tool, for a tool. */
const GENERATED = /\.d\.ts$/;

// Put together from halves, so that this file does not break its own rule.
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const SILENCED = new RegExp(`@ts-(${['ig' + 'nore', 'no' + 'check'].join('|')})`);
const BARE_LINT_IGNORE = /biome-ignore(?![^\n]*: \S)/;

export function tooLong(file: SourceFile): string[] {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  if (lines <= MAX_FILE_LINES || GENERATED.test(file.path)) return [];
  return [`${file.path} has ${lines} lines, more than ${MAX_FILE_LINES}`];
}

export function tooLongFunctions(file: SourceFile): string[] {
  if (!isCode(file)) return [];
  return everyNode(file)
    .filter((node) => ts.isFunctionLike(node) && 'body' in node && node.body)
    .map((node) => ({
      line: lineOf(file, node),
      length: linesOf(file, node) - linesOfInnerTests(file, node),
    }))
    .filter(({ length }) => length > MAX_FUNCTION_LINES)
    .map(
      ({ line, length }) =>
        `${file.path}:${line} is a function of ${length} lines, more than ${MAX_FUNCTION_LINES}`,
    );
}

function linesOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf(file, node);
}

/** A group of tests is a list: each test in it is measured by itself. */
function linesOfInnerTests(file: SourceFile, group: ts.Node): number {
  let lines = 0;
  const visit = (node: ts.Node) => {
    const isTest =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'test' &&
      node.arguments.some(ts.isFunctionLike);
    if (isTest) lines += linesOf(file, node);
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(group, visit);
  return lines;
}

export function badName(file: SourceFile): string[] {
  const name = basename(file.path).replace(/(\.test|\.d)?\.(tsx?|mjs|sql|lua)$/, '');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return [`${file.path} is not in kebab-case`];
  if (/(^|-)(utils?|helpers?|manager)($|-)/.test(name)) return [`${file.path} does not say what it is`];
  return [];
}

export function readsEnvironment(file: SourceFile): string[] {
  if (!isCode(file) || READS_ENVIRONMENT.test(file.path)) return [];
  return everyNode(file)
    .filter((node) => ts.isPropertyAccessExpression(node) && node.getText(file.tree) === 'process.env')
    .map((node) => `${file.path}:${lineOf(file, node)} reads process.env: only common/src/settings.ts does`);
}

export function leftovers(file: SourceFile): string[] {
  return file.text.split('\n').flatMap((line, index) => {
    const at = `${file.path}:${index + 1}`;
    const found: string[] = [];
    if (UNFINISHED.test(line)) found.push(`${at} is marked as unfinished`);
    if (SILENCED.test(line)) found.push(`${at} silences the compiler`);
    if (BARE_LINT_IGNORE.test(line)) found.push(`${at} switches a lint rule off without a reason`);
    return found;
  });
}

/** `x as any`, `<any>x`; and `any` at all, where no lint line above it gives the reason. */
export function castsToAny(file: SourceFile): string[] {
  if (!isCode(file)) return [];
  return everyNode(file)
    .filter((node) => ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))
    .filter((node) => node.type.kind === ts.SyntaxKind.AnyKeyword)
    .map((node) => `${file.path}:${lineOf(file, node)} casts to any`);
}

/** Private to the language, not only to its types: `#x`. A constructor has no such name and keeps the keyword. */
export function privateByKeyword(file: SourceFile): string[] {
  if (!isCode(file)) return [];
  return everyNode(file)
    .filter((node) => ts.canHaveModifiers(node) && !ts.isConstructorDeclaration(node))
    .filter((node) => ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword))
    .map((node) => `${file.path}:${lineOf(file, node)} is private by a keyword: name it #…`);
}

function isCode(file: SourceFile): boolean {
  return /\.(tsx?|mjs)$/.test(file.path) && !GENERATED.test(file.path);
}
