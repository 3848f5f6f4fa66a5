import { readFileSync } from 'node:fs';
import { WSDL } from 'soap';
import { speakable } from './xml.ts';

/** The versions that chargers speak over SOAP. */
export type SoapVersion = '1.5' | '1.6';
/** What an element holds, as its description says. `many`: it may occur more than once. */
export type Shape = { readonly many: boolean } & (
  | { readonly kind: 'text' | 'word' | 'integer' | 'decimal' | 'boolean' }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Shape> }
);
export type Fields = { readonly [name: string]: unknown };

/** One side of the protocol: the messages that its description has, by the name of their element. */
export type Service = {
  readonly namespace: string;
  /** The description itself, for whoever asks for it. */
  readonly text: string;
  readonly shapeOf: (element: string) => Shape | undefined;
  /**
   * The element with these fields, in the order of the description. What the description does not have is left out,
   * for a charger may refuse the whole message for it.
   */
  readonly write: (element: string, fields: Fields) => string;
};

type Described = { readonly [name: string]: string | Described };
/** Of every element that we write. */
const PREFIX = 'o';

/** @throws when the file is no service description: then nothing can be started. */
async function load(file: string): Promise<Service> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const wsdl = new WSDL(text, file, {});
  await new Promise<void>((resolve, reject) =>
    wsdl.onReady((error?: unknown) => (error instanceof Error ? reject(error) : resolve())),
  );
  // What the package's client and server set before they use it.
  wsdl.options.attributesKey = 'attributes';
  const namespace = wsdl.definitions.$targetNamespace;
  const shapes = new Map<string, Shape>();
  for (const [operation, { input, output }] of operationsOf(wsdl)) {
    const element = operation.charAt(0).toLowerCase() + operation.slice(1);
    shapes.set(`${element}Request`, fieldsShape(input, false));
    shapes.set(`${element}Response`, fieldsShape(output, false));
  }
  return {
    namespace,
    text,
    shapeOf: (element) => shapes.get(element),
    write(element, fields) {
      const type = element.charAt(0).toUpperCase() + element.slice(1);
      const shape = shapes.get(element);
      const told = shape?.kind === 'fields' ? only(fields, shape.fields) : {};
      return wsdl.objectToDocumentXML(element, told, PREFIX, namespace, type);
    },
  };
}

function operationsOf(wsdl: WSDL): [string, { input: Described; output: Described }][] {
  const services = wsdl.describeServices() as Record<string, Record<string, Record<string, never>>>;
  return Object.values(services).flatMap((ports) => Object.values(ports).flatMap((port) => Object.entries(port)));
}

function fieldsShape(described: Described, many: boolean): Shape {
  const fields = Object.entries(described)
    .filter(([name]) => name !== 'targetNSAlias' && name !== 'targetNamespace')
    .map(([name, type]): [string, Shape] => {
      const isMany = name.endsWith('[]');
      const shape = typeof type === 'string' ? leafShape(type, isMany) : fieldsShape(type, isMany);
      return [isMany ? name.slice(0, -2) : name, shape];
    });
  return { kind: 'fields', many, fields: new Map(fields) };
}

/** As the package puts it: `xs:int`, `IdToken|xs:string|maxLength`, `Reason|xs:string|Local,Remote`. */
function leafShape(type: string, many: boolean): Shape {
  const [, base = type, values] = type.split('|');
  switch (base) {
    case 'xs:int':
      return { kind: 'integer', many };
    case 'xs:decimal':
      return { kind: 'decimal', many };
    case 'xs:boolean':
      return { kind: 'boolean', many };
    case 'xs:string':
      return { kind: values === undefined || values === 'maxLength' ? 'text' : 'word', many };
    default:
      return { kind: 'word', many };
  }
}

function only(fields: Fields, shapes: ReadonlyMap<string, Shape>): Fields {
  const told: Record<string, unknown> = {};
  for (const [name, shape] of shapes) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    told[name] = Array.isArray(value) ? value.map((one) => toldOf(one, shape)) : toldOf(value, shape);
  }
  return told;
}

function toldOf(value: unknown, shape: Shape): unknown {
  if (typeof value === 'string') return speakable(value);
  return shape.kind === 'fields' ? only(value as Fields, shape.fields) : value;
}

/** What chargers ask of us. */
export const CENTRAL_SYSTEM: Readonly<Record<SoapVersion, Service>> = {
  '1.5': await load('./central-system-15.wsdl'),
  '1.6': await load('./central-system-16.wsdl'),
};
/** What we ask of chargers. */
export const CHARGE_POINT: Readonly<Record<SoapVersion, Service>> = {
  '1.5': await load('./charge-point-15.wsdl'),
  '1.6': await load('./charge-point-16.wsdl'),
};
