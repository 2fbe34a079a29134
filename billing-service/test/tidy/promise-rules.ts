/**
 * A rejection that nobody hears ends the process, or hides a failure: code that does not wait for a promise says so.
 */
import ts from 'typescript';
import { everyNode, lineOf, type SourceFile } from './source-file.js';

/** They call a function and throw its promise away. */
const DEAF = /(^|\.)(createServer|on|once|addListener|setTimeout|setInterval|setImmediate|forEach|nextTick)$/;
/** Without a signal these never reject. */
const NEVER_REJECT = /^(sleep|pause|Promise\.resolve)$/;

export function unheardRejections(file: SourceFile): string[] {
  if (!/\.(tsx?|mjs)$/.test(file.path) || /\/test\//.test(file.path)) return [];
  return everyNode(file).flatMap((node) => {
    const fault = faultOf(file, node);
    return fault === undefined ? [] : [`${file.path}:${lineOf(file, node)} ${fault}`];
  });
}

function faultOf(file: SourceFile, node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText(file.tree) === 'Promise')
    return node.arguments?.some(isAsync) ? 'gives a promise an async body' : undefined;
  if (ts.isCallExpression(node) && DEAF.test(node.expression.getText(file.tree)))
    return node.arguments.some((argument) => isAsync(argument) && !hearsItself(file, argument))
      ? 'gives an async function to who does not look at its promise'
      : undefined;
  if (ts.isVoidExpression(node) && ts.isCallExpression(node.expression))
    return isHeard(file, node.expression) ? undefined : 'waits for no answer, and nobody hears of a failure';
  const isStatement = ts.isExpressionStatement(node) && ts.isCallExpression(node.expression);
  return isStatement && /^(then|finally)$/.test(methodOf(node.expression)) && !isHeard(file, node.expression)
    ? 'goes on from a promise, and nobody hears of a failure'
    : undefined;
}

/** `x.catch(…)`, `x.then(…, …)`, or a call of something in this file that lets no failure out. */
function isHeard(file: SourceFile, call: ts.Expression): boolean {
  if (!ts.isCallExpression(call)) return false;
  const method = methodOf(call);
  if (method === 'catch' || (method === 'then' && call.arguments.length === 2)) return true;
  if (method === 'then' || method === 'finally') return false;
  // No promise at all: an answer that is written (`void response.writeHead(404).end()`).
  if (method === 'end') return true;
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  const body = everyNode(file).find((node) => declares(file, node, callee.getText(file.tree)));
  return body !== undefined && hearsItself(file, body);
}

function declares(file: SourceFile, node: ts.Node, name: string): boolean {
  if (ts.isVariableDeclaration(node)) return node.name.getText(file.tree) === name;
  const isBody = (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)) && node.body !== undefined;
  return isBody && node.name?.getText(file.tree) === name;
}

/** Every promise that it awaits is within a `try` that catches, or is heard by itself. */
function hearsItself(file: SourceFile, root: ts.Node): boolean {
  let isSafe = true;
  const visit = (node: ts.Node, caught: boolean) => {
    if (ts.isAwaitExpression(node) && !caught) {
      const call = node.expression;
      const name = ts.isCallExpression(call) ? call.expression.getText(file.tree) : '';
      isSafe &&= NEVER_REJECT.test(name) || isHeard(file, call);
    }
    if (ts.isTryStatement(node)) {
      visit(node.tryBlock, caught || node.catchClause !== undefined);
      if (node.catchClause) visit(node.catchClause, caught);
      if (node.finallyBlock) visit(node.finallyBlock, caught);
      return;
    }
    ts.forEachChild(node, (child) => visit(child, caught));
  };
  visit(root, false);
  return isSafe;
}

function methodOf(node: ts.Node): string {
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
    ? node.expression.name.text
    : '';
}

function isAsync(node: ts.Node): boolean {
  return (
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true
  );
}
