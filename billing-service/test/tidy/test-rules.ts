/** What makes a run's count true: every declared test runs, and asserts. */
import ts from 'typescript';
import { everyNode, everyNodeOf, lineOf, type SourceFile } from './source-file.js';

/**
 * A test left out (`t.skip`, `{skip: true}`, `{todo: …}`, options kept in a variable) or run alone (`only`) makes the
 * count a lie. Only `whereFound(…)` may leave one out: it says what is missing, and leaves nothing out in CI.
 */
export function testsLeftOut(file: SourceFile): string[] {
  if (!/\.test\.ts$/.test(file.path)) return [];
  return everyNode(file).flatMap((node) => {
    const method = testMethod(file, node);
    if (method === undefined || !ts.isCallExpression(node)) return [];
    const bad = LEAVES_OUT.includes(method) ? method : unreadable(file, node);
    return bad ? [`${file.path}:${lineOf(file, node)} leaves tests out (${bad})`] : [];
  });
}

/** Options whose members cannot be read here: `t.test('x', options, …)`, unless this file says what `options` holds. */
function unreadable(file: SourceFile, call: ts.CallExpression): string | undefined {
  const [, options, ...rest] = call.arguments;
  if (!options || rest.length === 0) return undefined;
  const literal = ts.isIdentifier(options) ? constantOf(file, options.text) : options;
  const isKnown =
    literal && ts.isObjectLiteralExpression(literal) && namesIn(file, literal).every(isHarmless);
  return isKnown || options.getText(file.tree).startsWith('whereFound(')
    ? undefined
    : options.getText(file.tree);
}

const LEAVES_OUT = ['skip', 'only', 'todo'];
const isHarmless = (name: string) => name !== '' && !LEAVES_OUT.includes(name);

/** A spread member has no name: ''. */
const namesIn = (file: SourceFile, literal: ts.ObjectLiteralExpression) =>
  literal.properties.map((property) => property.name?.getText(file.tree) ?? '');

function constantOf(file: SourceFile, name: string): ts.Expression | undefined {
  const declared = everyNode(file).find(
    (node) => ts.isVariableDeclaration(node) && node.name.getText(file.tree) === name,
  );
  return declared && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
}

/**
 * A test proves something where it asserts on `t` (or hands `t` on to what does), runs a property, or holds tests.
 * `pass` proves nothing by itself.
 */
export function testsThatAssertNothing(file: SourceFile): string[] {
  if (!/\.test\.ts$/.test(file.path)) return [];
  return everyNode(file).flatMap((node) => {
    if (testMethod(file, node) !== 'test' || !ts.isCallExpression(node)) return [];
    const body = node.arguments.at(-1);
    if (!body || !ts.isFunctionLike(body)) return [];
    return asserts(file, body) ? [] : [`${file.path}:${lineOf(file, node)} is a test that asserts nothing`];
  });
}

const PROVES_NOTHING = new Set([
  'pass',
  'comment',
  'teardown',
  'setTimeout',
  'before',
  'after',
  'beforeEach',
  'afterEach',
]);

function asserts(file: SourceFile, body: ts.Node): boolean {
  return everyNodeOf(body).some((node) => {
    if (!ts.isCallExpression(node)) return false;
    if (node.arguments.some((argument) => argument.getText(file.tree) === 't')) return true;
    const [object, method] = node.expression.getText(file.tree).split('.');
    return (
      (object === 't' && method !== undefined && !PROVES_NOTHING.has(method)) ||
      (object === 'fc' && method === 'assert')
    );
  });
}

/** When the tests declared so far are done, tap takes the file for done: it tears down, and what is still awaited, and every
 * test behind it, is lost. A loop comes round again, so all of it counts as behind its tests. */
export function awaitsBehindTests(file: SourceFile): string[] {
  if (!/\.test\.ts$/.test(file.path)) return [];
  const found: string[] = [];
  let isBehind = false;
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node)) return;
    if (testMethod(file, node)) isBehind = true;
    if (ts.isIterationStatement(node, false)) isBehind ||= everyNodeOf(node).some((n) => testMethod(file, n));
    if (isBehind && ts.isAwaitExpression(node) && !testMethod(file, node.expression))
      found.push(`${file.path}:${lineOf(file, node)} awaits something when tests are declared already`);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** `test`, or what is called in its place; undefined where the node declares no test. */
function testMethod(file: SourceFile, node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  const isTest =
    ['test', 'skip', 'only', 'todo'].includes(method) && node.expression.getText(file.tree).startsWith('t.');
  return isTest ? method : undefined;
}
