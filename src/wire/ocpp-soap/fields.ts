import type { Fields, Shape } from './descriptions.ts';
import type { XmlElement } from './xml.ts';

const INTEGER = /^\s*[+-]?\d{1,15}\s*$/;
const DECIMAL = /^\s*[+-]?\d{1,15}(?:\.\d{1,15})?\s*$/;
const NIL = /^\s*(?:true|1)\s*$/;
/** OCPP 1.5 tells of a value in its attributes, which the package leaves out of what it says of a description. */
const VALUE_ATTRIBUTES = ['context', 'format', 'measurand', 'location', 'unit'] as const;

/**
 * The fields of an element in the types that its description gives them, as JSON would have brought them: what does
 * not fit its type stays the text that it is, for whoever reads the fields to forgive or refuse. Elements are known by
 * their local name, whatever namespace and order they came in (field-28). A text with attributes of a value is
 * `{ value, unit... }`.
 */
export function fieldsOf(element: XmlElement, shape: Shape | undefined): Fields {
  const shapes = shape?.kind === 'fields' ? shape.fields : undefined;
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const child of element.children) {
    const own = shapes?.get(child.name);
    const value = valueOf(child, own);
    if (value === undefined) continue;
    const before = fields[child.name];
    if (Array.isArray(before)) before.push(value);
    // More of what there may be one of is left for the reader to judge.
    else if (own?.many !== true) fields[child.name] = before === undefined ? value : [before, value];
    else fields[child.name] = [value];
  }
  return fields;
}

/** `undefined` for an element that says nothing: an empty one, unless an empty text means something. */
function valueOf(element: XmlElement, shape: Shape | undefined): unknown {
  const { text, children, attributes } = element;
  if (attributes.size > 0 && NIL.test(attributes.get('nil') ?? '')) return undefined;
  if (children.length > 0 || shape?.kind === 'fields') return fieldsOf(element, shape);
  const told = attributes.size === 0 ? [] : VALUE_ATTRIBUTES.filter((name) => attributes.has(name));
  if (told.length > 0) return { value: text, ...Object.fromEntries(told.map((name) => [name, attributes.get(name)])) };
  if (text === '') return shape === undefined || shape.kind === 'text' ? text : undefined;
  if (shape?.kind === 'integer' && INTEGER.test(text)) return Number(text);
  if (shape?.kind === 'decimal' && DECIMAL.test(text)) return Number(text);
  if (shape?.kind === 'boolean') return booleanOf(text.trim()) ?? text;
  return text;
}

function booleanOf(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}
