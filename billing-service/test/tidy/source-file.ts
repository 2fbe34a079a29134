/** The project's own sources, each parsed once, with what the rules of tidy.test.ts want to know of them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The project's folder, from dist/billing-service/test/tidy. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDERS = ['common', 'billing-service', 'bot-client', 'cli', 'bench', 'scripts'];

export interface SourceFile {
  /** From the project's folder, with slashes. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

export function projectFiles(): SourceFile[] {
  return FOLDERS.flatMap(filesBelow)
    .filter((path) => /\.(tsx?|mjs|sql|lua)$/.test(path))
    .map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => !file.includes('node_modules'))
      .map((file) => posix.join(folder, file.replaceAll('\\', '/')));
  } catch {
    return []; // A room that is not built yet.
  }
}

/** What git keeps of the present commit; empty where this is no git checkout (an unpacked archive). */
export function committedBlobs(): { path: string; bytes: number }[] {
  try {
    const list = execFileSync('git', ['ls-tree', '-r', '-l', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
    return [...list.matchAll(/^\S+ \S+ \S+ +(\d+)\t(.+)$/gm)].map(([, bytes, path]) => ({
      path: path as string,
      bytes: Number(bytes),
    }));
  } catch {
    return [];
  }
}

/** Everything in the tree, in order. */
export const everyNode = (file: SourceFile): ts.Node[] => everyNodeOf(file.tree);

export function everyNodeOf(root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return nodes;
}

/** What the file imports, also dynamically and for types: packages by name, own files by path from the root, as .ts. */
export function importsOf(file: SourceFile): string[] {
  return everyNode(file).flatMap((node) => {
    const specifier = specifierOf(node);
    if (!specifier || !ts.isStringLiteral(specifier)) return [];
    const name = specifier.text;
    if (!name.startsWith('.')) return [name];
    return [posix.join(posix.dirname(file.path), name).replace(/\.js$/, '.ts')];
  });
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments[0];
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  return undefined;
}

export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1;
}
