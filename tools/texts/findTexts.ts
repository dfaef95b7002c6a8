import { parseSync } from 'vite';

/** A text that people read, where its first character is. */
export interface FoundText {
  /** From 1. */
  readonly line: number;
  /** White space is collapsed. Braces hold the code of what is inserted, or … for an element without words. */
  readonly text: string;
}

/** A node of the syntax tree, as the walk sees it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Attributes and properties whose values people read, however short they are. */
const readNames = new Set(
  `label title text description placeholder alt legend message remedy help done summary caption heading
  aria-label aria-description aria-roledescription aria-valuetext`.split(/\s+/),
);

/** Attributes whose values nobody reads, however long they are. */
const codeNames = new Set(
  `className classNames style key id htmlFor href src srcSet d points viewBox transform role rel target accept
  aria-labelledby aria-describedby aria-controls pattern sizes media type http-equiv`.split(/\s+/),
);

/** Calls with arguments for programmers, and what selects elements. */
const codeCalls =
  /(^|\.)(querySelector(All)?|closest|matches|getElementById|import|Error|RangeError|TypeError)$/;

/** Finds the texts of a file that people read: `source` is TypeScript, TSX, or an HTML page that is well-formed XML. */
export function findTexts(fileName: string, source: string): readonly FoundText[] {
  const isHtml = fileName.endsWith('.html');
  const code = isHtml ? toJsx(source) : source;
  const { program, errors } = parseSync(isHtml ? 'page.tsx' : fileName, code);
  if (errors.length > 0) throw new Error(`${fileName} cannot be parsed: ${errors[0]!.message}`);
  const shift = isHtml ? htmlStart.length : 0;
  const found: { start: number; text: string }[] = [];

  function add(start: number, text: string, isRead: (text: string) => boolean): void {
    const plain = collapse(text);
    if (isRead(plain)) found.push({ start, text: plain });
  }

  function walk(node: Node, isNamed: boolean): void {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression':
        return;
      case 'Literal':
        if (typeof node['value'] === 'string') {
          add(node.start, node['value'], isNamed ? hasLetter : isProse);
        }
        return;
      case 'TemplateLiteral': {
        const text = writeTemplate(node, code);
        const quasis = nodesOf(node['quasis']).map(({ value }) => (value as { raw: string }).raw);
        add(node.start, text, () => (isNamed ? hasLetter : isProse)(quasis.join('x ')));
        break;
      }
      case 'JSXElement':
      case 'JSXFragment':
        walkElement(node);
        return;
      case 'JSXAttribute': {
        const name = nameOf(node['name']);
        if (codeNames.has(name) || name.startsWith('data-')) return;
        walkPart(node['value'], readNames.has(name));
        return;
      }
      case 'Property': {
        walkPart(node['value'], readNames.has(nameOf(node['key'])));
        return;
      }
      case 'MemberExpression':
        walkPart(node['object'], false);
        return;
      case 'BinaryExpression':
        if (node['operator'] === '+') break;
        return;
      case 'CallExpression':
      case 'NewExpression':
        if (codeCalls.test(sliceOf(node['callee'], code))) return;
        break;
      case 'SwitchCase':
        for (const part of nodesOf(node['consequent'])) walk(part, false);
        return;
      case 'ConditionalExpression':
      case 'LogicalExpression':
        if (node['operator'] !== '||' && node['operator'] !== '&&') {
          walkPart(node['test'], false);
          for (const side of ['left', 'right', 'consequent', 'alternate']) {
            walkPart(node[side], isNamed);
          }
          return;
        }
        break;
      case 'ExpressionStatement':
        if (typeof node['directive'] === 'string') return;
        break;
      default:
        if (node.type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return;
    }
    const keepsName = /^(JSXExpressionContainer|TS|Parenthesized|ArrowFunction|Block|Return)/;
    const isStillNamed = isNamed && keepsName.test(node.type);
    for (const child of childrenOf(node)) walk(child, isStillNamed);
  }

  function walkPart(part: unknown, isNamed: boolean): void {
    if (isNode(part)) walk(part, isNamed);
  }

  /** A text is what stands between two tags, with the elements within it. */
  function walkElement(element: Node): void {
    const opening = element['openingElement'];
    if (isNode(opening)) for (const part of nodesOf(opening['attributes'])) walk(part, false);
    const children = nodesOf(element['children']);
    const words = children.filter((child) => child.type === 'JSXText' && hasLetter(valueOf(child)));
    const [first] = words;
    if (first !== undefined) {
      add(first.start + leadingSpace(valueOf(first)), writeChildren(children, code), hasLetter);
    }
    for (const child of children) {
      if (child.type === 'JSXElement' && first !== undefined) walkInline(child);
      else walk(child, false);
    }
  }

  /** An element within a text: its words are part of that text, and its attributes and code are walked. */
  function walkInline(element: Node): void {
    const opening = element['openingElement'];
    if (isNode(opening)) for (const part of nodesOf(opening['attributes'])) walk(part, false);
    for (const child of nodesOf(element['children'])) {
      if (child.type === 'JSXElement') walkInline(child);
      else if (child.type !== 'JSXText') walk(child, false);
    }
  }

  walk(program as unknown as Node, false);
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ start, text }) => ({ line: lineOf(source, start - shift), text }));
}

const htmlStart = '(<>';

/** The page as one JSX expression of the same lines; what JSX would read as code is blank. */
function toJsx(html: string): string {
  const blank = (part: string): string => part.replaceAll(/[^\n]/g, ' ');
  const tree = html.replace(/<!doctype[^>]*>/i, blank).replaceAll(/<style>[^]*?<\/style>/g, blank);
  return `${htmlStart}${tree}</>)`;
}

function writeTemplate(template: Node, code: string): string {
  const parts = nodesOf(template['expressions']);
  return nodesOf(template['quasis'])
    .map(({ value }, at) => {
      const { cooked } = value as { cooked: string };
      const part = parts[at];
      return part === undefined ? cooked : `${cooked}{${sliceOf(part, code)}}`;
    })
    .join('');
}

function writeChildren(children: readonly Node[], code: string): string {
  return children.map((child) => writeChild(child, code)).join('');
}

function writeChild(child: Node, code: string): string {
  if (child.type === 'JSXText') return writeText(valueOf(child));
  if (child.type !== 'JSXExpressionContainer') {
    const words = writeChildren(nodesOf(child['children']), code);
    return words === '' ? '{…}' : words;
  }
  const expression = child['expression'];
  if (!isNode(expression) || expression.type === 'JSXEmptyExpression') return '';
  if (expression.type === 'Literal') return String(expression['value']);
  return expression.type === 'TemplateLiteral'
    ? writeTemplate(expression, code)
    : `{${sliceOf(expression, code)}}`;
}

/** As JSX reads it: a line's end and the space around it are a space between words, and nothing at the sides. */
function writeText(text: string): string {
  return text.replaceAll(/^\s*\n\s*|\s*\n\s*$/g, '').replaceAll(/\s*\n\s*/g, ' ');
}

/** A sentence or a label, by its look: several words, a capitalized word, or ε. */
function isProse(text: string): boolean {
  if (!hasLetter(text) || looksLikeCode.some((pattern) => pattern.test(text))) return false;
  return (
    /\p{L}[\p{L}’,:.]* +\S*\p{L}/u.test(text) ||
    /^\p{Lu}\p{Ll}+[.:?!…]?$/u.test(text) ||
    /ε/.test(text)
  );
}

const looksLikeCode = [
  /^[.#[]\S|^<|\[data-|:not\(|:where\(/, // selectors and markup
  /^(https?|data|blob):|^\.{0,2}\/|\.(m?[jt]sx?|json|css|png|svg)$/, // addresses and files
  /\b(var|calc|min|max|minmax|rotate|scale|translate|rgb|hsl|url)\(/, // style sheets
  /^width=device-width|^light dark$/, // settings of the browser
  /\d(px|rem|em|ms|%)(\s|,|$).*(solid|auto|ease|dashed)|^\d*\.?\d+(px|rem|em|vh|vw)\b/,
  /^[\w-]+\/[\w+.-]+$/, // media types
];

function hasLetter(text: string): boolean {
  return /\p{L}/u.test(text);
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}

function lineOf(source: string, position: number): number {
  return source.slice(0, position).split('\n').length;
}

function sliceOf(node: unknown, code: string): string {
  return isNode(node) ? collapse(code.slice(node.start, node.end)) : '';
}

function valueOf(node: Node): string {
  return String(node['value']);
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  const name = node['name'] ?? node['value'];
  return typeof name === 'string' ? name : '';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : nodesOf(value)));
}
