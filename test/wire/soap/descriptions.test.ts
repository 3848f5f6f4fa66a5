import { readFileSync } from 'node:fs';
import { WSDL } from 'soap';
import { describe, expect, test } from 'vitest';
import { CENTRAL_SYSTEM, CHARGE_POINT } from '#src/wire/ocpp-soap/descriptions.ts';
import { officialWsdl } from '../../fixtures/soap-charger.ts';

type Described = { readonly [name: string]: string | Described };

/** What a description says, without the names that its author gave to types. */
async function told(text: string): Promise<Record<string, Described>> {
  const wsdl = new WSDL(text, '', {});
  await new Promise<void>((resolve, reject) =>
    wsdl.onReady((error?: unknown) => (error instanceof Error ? reject(error) : resolve())),
  );
  const services = wsdl.describeServices() as Record<string, Record<string, Record<string, Described>>>;
  const [ports] = Object.values(services);
  const [port] = Object.values(ports ?? {});
  return plain(port ?? {}) as Record<string, Described>;
}

/** `IdToken|xs:string|maxLength` is `string|maxLength`, whatever prefix stands for XML Schema; words are sorted. */
function plain(described: string | Described): string | Described {
  if (typeof described !== 'string') {
    const fields = Object.entries(described).filter(([name]) => !name.startsWith('targetN'));
    return Object.fromEntries(fields.map(([name, type]) => [name, plain(type)]));
  }
  const parts = described.split('|').slice(-2);
  return parts.map((part) => part.replace(/^\w+:/, '').split(',').toSorted().join(',')).join('|');
}

describe.each(['1.5', '1.6'] as const)('OCPP %s', (version) => {
  test.each([
    ['CentralSystem', CENTRAL_SYSTEM],
    ['ChargePoint', CHARGE_POINT],
  ] as const)(
    'our description of the %s says what the official one says, elements in the same order',
    async (side, ours) => {
      const official = await told(readFileSync(officialWsdl(side, version), 'utf8'));
      const own = await told(ours[version].text);
      expect(Object.keys(own).toSorted()).toEqual(Object.keys(official).toSorted());
      for (const [operation, messages] of Object.entries(official))
        expect(JSON.stringify(own[operation]), operation).toBe(JSON.stringify(messages));
    },
  );
});
