const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The Markdown that language models write, as Telegram's HTML: code fences, inline code, bold, italic, strike, links,
 * headings. What is not understood stays as written. Tags always nest, for any input.
 */
export function markdownToHtml(markdown: string): string {
  return markdown
    .split(/(^```[^\n]*\n[\s\S]*?(?:^```[ \t]*$|(?![\s\S])))/m)
    .map((part) => (part.startsWith('```') ? fence(part) : prose(part)))
    .join('');
}

function fence(part: string): string {
  const [first = '', ...rest] = part.split('\n');
  if (/^```\s*$/.test(rest.at(-1) ?? '')) rest.pop();
  const language = /^```(\w[\w+#-]*)/.exec(first)?.[1];
  const code = escaped(rest.join('\n'));
  return language === undefined
    ? `<pre>${code}</pre>`
    : `<pre><code class="language-${language}">${code}</code></pre>`;
}

function prose(part: string): string {
  return part
    .split(/(`[^`\n]+`)/)
    .map((piece) =>
      /^`[^`\n]+`$/.test(piece) ? `<code>${escaped(piece.slice(1, -1))}</code>` : inline(piece),
    )
    .join('');
}

/** Each pattern takes text without markers of its own inside, from the innermost outwards, so that tags nest. */
function inline(piece: string): string {
  return escaped(piece)
    .replace(/^#{1,6} +([^\n]+)$/gm, (_, heading: string) => `<b>${heading.replaceAll('**', '')}</b>`)
    .replace(
      /\[([^\][\n]+)\]\((https?:\/\/[^\s()"]+)\)/g,
      (_, label: string, url: string) => `<a href="${url}">${bare(label)}</a>`,
    )
    .replace(/\*\*([^*\n<>]+)\*\*/g, '<b>$1</b>')
    .replace(/(?<![\w*])\*([^*\n<>]+)\*(?![\w*])/g, '<i>$1</i>')
    .replace(/~~([^~\n<>]+)~~/g, '<s>$1</s>')
    .replace(/^[-*] /gm, '• ');
}

const bare = (label: string) => label.replace(/[*_~]/g, '');
