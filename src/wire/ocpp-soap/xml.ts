/** Elements inside each other; an envelope of OCPP has nine at most. */
export const DEPTH_MAX = 32;
/** Elements of one message: a stop with five hundred samples of six values has fewer. */
export const ELEMENTS_MAX = 20_000;
/** Declarations of namespaces among them. */
const ATTRIBUTES_MAX = 50;
/** Declared at one time, which every prefix is looked for in. Toolkits declare some ten of them on the envelope. */
export const NAMESPACES_IN_SCOPE_MAX = 100;

/** One element, its names resolved. `namespace` is empty for none, and for a prefix that nobody declared. */
export type XmlElement = {
  readonly name: string;
  readonly namespace: string;
  /** By local name, without the declarations of namespaces. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text and CDATA, joined; what stands between its children is of no use and left out. */
  readonly text: string;
};
/** `detail` is English, for the person who debugs the charger. */
export type ReadXml =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly detail: string };

type Scope = {
  readonly prefix: string;
  readonly namespace: string;
  readonly outer: Scope | null;
  /** How many are in scope, itself included. */
  readonly count: number;
};
type Open = {
  readonly tag: string;
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly scope: Scope | null;
  text: string;
};

/** What cannot go on; caught where reading began. */
class Malformed extends Error {}

const NAME = /[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*(?::[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*)?/y;
const ATTRIBUTE = /\s*([^\s=/><"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const REFERENCE = /&([^;&]{0,12});?/g;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * XML 1.0 with namespaces, as much of it as SOAP allows: no document type, hence no entities but the five that every
 * parser knows, so that no message can make us read a file or grow a thousandfold. Never throws, never recurses.
 */
export function readXml(text: string): ReadXml {
  try {
    return { ok: true, root: new Reader(text).read() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, detail: error.message };
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #open: Open[] = [];
  #root: XmlElement | null = null;
  #elements = 0;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): XmlElement {
    const text = this.#text;
    for (;;) {
      const tag = text.indexOf('<', this.#at);
      this.#characters(tag < 0 ? text.length : tag);
      if (tag < 0) break;
      this.#at = tag + 1;
      switch (text.charAt(tag + 1)) {
        case '/':
          this.#close();
          break;
        case '?':
          this.#skip('?>', 'a processing instruction');
          break;
        case '!':
          this.#special();
          break;
        default:
          this.#element();
      }
    }
    if (this.#open.length > 0) throw new Malformed(`<${this.#open.at(-1)?.tag ?? ''}> is not closed`);
    if (this.#root === null) throw new Malformed('there is no element');
    return this.#root;
  }

  /** The text up to `end`. */
  #characters(end: number): void {
    if (end === this.#at) return;
    const raw = this.#text.slice(this.#at, end);
    this.#at = end;
    const top = this.#open.at(-1);
    if (top !== undefined) top.text += raw.includes('&') ? resolved(raw) : raw;
    else if (!/^[\s\ufeff\0]*$/.test(raw)) throw new Malformed('there is text outside of the elements');
  }

  #special(): void {
    if (this.#text.startsWith('!--', this.#at)) return this.#skip('-->', 'a comment');
    if (!this.#text.startsWith('![CDATA[', this.#at)) throw new Malformed('a document type is not allowed');
    const begin = this.#at + '![CDATA['.length;
    this.#skip(']]>', 'a CDATA section');
    const top = this.#open.at(-1);
    if (top === undefined) throw new Malformed('there is text outside of the elements');
    top.text += this.#text.slice(begin, this.#at - ']]>'.length);
  }

  #skip(end: string, what: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new Malformed(`${what} does not end`);
    this.#at = found + end.length;
  }

  #element(): void {
    const tag = this.#matched(NAME)?.[0];
    if (tag === undefined) throw new Malformed('a tag has no name');
    if (++this.#elements > ELEMENTS_MAX) throw new Malformed(`there are more than ${ELEMENTS_MAX} elements`);
    if (this.#open.length >= DEPTH_MAX) throw new Malformed(`elements are nested deeper than ${DEPTH_MAX}`);
    if (this.#root !== null) throw new Malformed('there is more than one root element');
    const written: [string, string][] = [];
    let attributes = 0;
    let scope = this.#open.at(-1)?.scope ?? null;
    for (let found = this.#matched(ATTRIBUTE); found !== null; found = this.#matched(ATTRIBUTE)) {
      const [, name = '', double, single] = found;
      if (++attributes > ATTRIBUTES_MAX) throw new Malformed(`<${tag}> has too many attributes`);
      const value = resolved(double ?? single ?? '');
      if (name === 'xmlns') scope = within(scope, '', value);
      else if (name.startsWith('xmlns:')) scope = within(scope, name.slice(6), value);
      else written.push([localOf(name), value]);
    }
    const end = this.#matched(TAG_END);
    if (end === null) throw new Malformed(`<${tag}> is not well formed`);
    const colon = tag.indexOf(':');
    const namespace = namespaceOf(scope, colon < 0 ? '' : tag.slice(0, colon));
    const kept = written.length === 0 ? NONE : new Map(written);
    this.#open.push({ tag, name: tag.slice(colon + 1), namespace, attributes: kept, children: [], scope, text: '' });
    if (end[1] === '/') this.#finish();
  }

  #close(): void {
    this.#at++;
    const tag = this.#matched(NAME)?.[0];
    const isClosed = this.#matched(TAG_END)?.[1] === '';
    if (tag === undefined || !isClosed || this.#open.at(-1)?.tag !== tag)
      throw new Malformed(`</${tag ?? ''}> closes nothing that is open`);
    this.#finish();
  }

  #finish(): void {
    const { name, namespace, attributes, children, text } = this.#open.pop() as Open;
    const element = { name, namespace, attributes, children, text: children.length === 0 ? text : '' };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #matched(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function within(outer: Scope | null, prefix: string, namespace: string): Scope {
  const count = (outer?.count ?? 0) + 1;
  if (count > NAMESPACES_IN_SCOPE_MAX) throw new Malformed(`there are more than ${NAMESPACES_IN_SCOPE_MAX} namespaces`);
  return { prefix, namespace, outer, count };
}

function namespaceOf(scope: Scope | null, prefix: string): string {
  for (let at = scope; at !== null; at = at.outer) if (at.prefix === prefix) return at.namespace;
  return '';
}

function resolved(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replaceAll(REFERENCE, (reference, name: string) => {
    const known = reference.endsWith(';') ? (NAMED.get(name) ?? numbered(name)) : undefined;
    if (known === undefined) throw new Malformed(`${reference.slice(0, 20)} is not an entity of XML`);
    return known;
  });
}

/** `#233` or `#xE9`. */
function numbered(name: string): string | undefined {
  const digits = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}

// What XML 1.0 has no way to say: most control characters, and halves of surrogate pairs.
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text without the characters that would make a message unreadable for every parser. */
export function speakable(text: string): string {
  return text.toWellFormed().replaceAll(UNSPEAKABLE, '');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text between tags or within double quotes. */
export function escaped(text: string): string {
  return speakable(text).replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
