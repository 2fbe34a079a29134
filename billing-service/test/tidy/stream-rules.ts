/** A stream cuts its bytes anywhere, also within a letter: text comes from one decoder, or from the whole. */
import ts from 'typescript';
import { everyNode, everyNodeOf, lineOf, type SourceFile } from './source-file.js';

export function piecesAsText(file: SourceFile): string[] {
  if (!/\.(tsx?|mjs)$/.test(file.path)) return [];
  return everyNode(file).flatMap((node) => {
    const reader = readerOf(file, node);
    if (reader === undefined || !usesAsText(file, reader.piece, reader.body)) return [];
    return [
      `${file.path}:${lineOf(file, node)} decodes a stream piece by piece: set an encoding, or read it whole`,
    ];
  });
}

interface Reader {
  /** What a piece of the stream is called. */
  piece: string;
  body: ts.Node;
}

/** Who takes pieces of bytes: `for await`, or a listener for `data` without an encoding. */
function readerOf(file: SourceFile, node: ts.Node): Reader | undefined {
  if (ts.isForOfStatement(node) && node.awaitModifier && ts.isVariableDeclarationList(node.initializer)) {
    const piece = node.initializer.declarations[0]?.name.getText(file.tree) ?? '';
    return { piece, body: node.statement };
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const [event, listener] = node.arguments;
  if (node.expression.name.text !== 'on' || event?.getText(file.tree) !== `'data'`) return undefined;
  if (listener === undefined || /\bsetEncoding\(/.test(node.expression.getText(file.tree))) return undefined;
  const taker = ts.isIdentifier(listener) ? declared(file, listener.text) : listener;
  if (taker === undefined || !(ts.isArrowFunction(taker) || ts.isFunctionExpression(taker))) return undefined;
  const [parameter] = taker.parameters;
  // Who writes `text: string` has set the encoding elsewhere, or is caught by the first letter that is cut.
  if (parameter === undefined || parameter.type?.getText(file.tree) === 'string') return undefined;
  return { piece: parameter.name.getText(file.tree), body: taker.body };
}

function declared(file: SourceFile, name: string): ts.Node | undefined {
  const found = everyNode(file).find(
    (node) => ts.isVariableDeclaration(node) && node.name.getText(file.tree) === name,
  );
  return found !== undefined && ts.isVariableDeclaration(found) ? found.initializer : undefined;
}

function usesAsText(file: SourceFile, piece: string, body: ts.Node): boolean {
  const text = (node: ts.Node) => node.getText(file.tree);
  const isPiece = (node: ts.Node) => [piece, `${piece}.toString()`, `String(${piece})`].includes(text(node));
  const adds = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.PlusEqualsToken];
  return everyNodeOf(body).some((node) => {
    if (ts.isTemplateSpan(node)) return isPiece(node.expression);
    if (ts.isBinaryExpression(node)) return adds.includes(node.operatorToken.kind) && isPiece(node.right);
    return ts.isCallExpression(node) && isPiece(node);
  });
}
