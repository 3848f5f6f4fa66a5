/** The body of a SOAP envelope as it is told to people: enough for a sentence, whatever was stored. */
export type XmlBody = {
  /** `bootNotificationRequest`, or `Fault`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

type Node = { readonly name: string; readonly fields: Record<string, unknown>; text: string };

const TAG = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>([^<]*)/g;
const ATTRIBUTE = /(?:[\w.-]+:)?([\w.-]+)\s*=\s*["']([^"']*)["']/g;
/** What OCPP 1.5 calls otherwise than 1.6 does. */
const NAMES_OF_16: Readonly<Record<string, string>> = { values: 'meterValue', value: 'sampledValue' };
const LISTS: ReadonlySet<string> = new Set(['meterValue', 'sampledValue', 'configurationKey', 'unknownKey']);
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Null when the text is no envelope. Prefixes do not matter; elements that repeat become lists. */
export function readXmlFrame(frame: string): XmlBody | null {
  if (!/^\s*(?:\ufeff)?<[\s\S]*Envelope/.test(frame)) return null;
  const root: Node = { name: '', fields: {}, text: '' };
  const open: Node[] = [root];
  for (const [, closing, name = '', attributes = '', selfClosing, text = ''] of frame.matchAll(TAG)) {
    if (closing === '') open.push({ name, fields: attributesOf(attributes), text: unescaped(text) });
    if ((closing !== '' || selfClosing !== '') && open.length > 1) enter(open.pop() as Node, open.at(-1) as Node);
  }
  const envelope = root.fields['Envelope'];
  const body = isFields(envelope) ? envelope['Body'] : undefined;
  const [first] = isFields(body) ? Object.entries(body) : [];
  if (first === undefined) return null;
  return { name: first[0], fields: isFields(first[1]) ? first[1] : {} };
}

/** One element to a line, indented; text stays with its element. */
export function prettyXml(frame: string): string {
  let depth = 0;
  const lines = frame.replaceAll(/>\s*</g, '>\n<').split('\n');
  return lines
    .map((line) => {
      const isEnd = line.startsWith('</');
      if (isEnd) depth = Math.max(0, depth - 1);
      const indented = '  '.repeat(depth) + line;
      if (!isEnd && /^<[^?!][^>]*[^/]>$|^<[\w.:-]>$/.test(line)) depth++;
      return indented;
    })
    .join('\n');
}

function enter(node: Node, parent: Node): void {
  const isEmpty = Object.keys(node.fields).length === 0;
  const isOf15 = node.name === 'values' || (node.name === 'value' && parent.name === 'values');
  const name = isOf15 ? (NAMES_OF_16[node.name] ?? node.name) : node.name;
  const text = node.text.trim();
  const valued = name === 'sampledValue' && node.name === 'value' ? { ...node.fields, value: text } : null;
  const value: unknown = valued ?? (isEmpty ? text : node.fields);
  const before = parent.fields[name];
  if (before === undefined) parent.fields[name] = LISTS.has(name) ? [value] : value;
  else parent.fields[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}

/** What says nothing to people is left out: namespaces, and what SOAP itself understands by an attribute. */
function attributesOf(text: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [whole, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (!/^xmlns|mustUnderstand|^xml:/.test(whole)) fields[name] = unescaped(value);
  }
  return fields;
}

function unescaped(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (reference, name: string) => ENTITIES[name] ?? reference);
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
