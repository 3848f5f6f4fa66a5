import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, help, readConfig } from '#src/config.ts';
import { selfSigned } from '../fixtures/certificates.ts';
import { portsOf, soapPortsOf } from '#src/soap-side.ts';

test('an empty environment gives the ports of the manual', () => {
  expect(readConfig({})).toMatchObject({
    webPort: 3000,
    ocppJsonPort: 8189,
    ocppSoap15Port: 8181,
    ocppSoap15TlsPort: 8185,
    ocppSoap16Port: 8187,
    ocppSoap16TlsPort: 8188,
    welcomeStrangers: false,
  });
});

test('the environment goes before the file, and the file before the defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-config-'));
  const path = join(folder, 'vigie.json');
  writeFileSync(path, JSON.stringify({ webPort: 3100, ocppJsonPort: 8200, welcomeStrangers: true }));
  const config = readConfig({ VIGIE_CONFIG: path, VIGIE_WEB_PORT: '3200' });
  expect(config).toMatchObject({
    webPort: 3200,
    ocppJsonPort: 8200,
    welcomeStrangers: true,
    database: 'data/vigie.sqlite',
  });
  rmSync(folder, { recursive: true });
});

test('a setting that cannot be used is named', () => {
  expect(() => readConfig({ VIGIE_WEB_PORT: '70000' })).toThrow(/VIGIE_WEB_PORT/);
  expect(() => readConfig({ VIGIE_OPERATOR_PASSWORD: 'short' })).toThrow(/VIGIE_OPERATOR_PASSWORD/);
  expect(() => readConfig({ VIGIE_TIME_ZONE: 'Europe/Rennes' })).toThrow(/VIGIE_TIME_ZONE/);
  expect(readConfig({ VIGIE_TIME_ZONE: 'Indian/Reunion' }).timeZone).toBe('Indian/Reunion');
  expect(() => readConfig({ VIGIE_CONFIG: '/nowhere/vigie.json' })).toThrow(ConfigError);
});

test('OCP-01, OCP-02: a port may be off, and TLS ports wait for a certificate and its key', async () => {
  const open = async (environment: Record<string, string>) => portsOf(await soapPortsOf(readConfig(environment)));
  expect(await open({})).toEqual([8181, 8187]);
  expect(await open({ VIGIE_OCPP_SOAP15_PORT: 'off' })).toEqual([8187]);
  const folder = mkdtempSync(join(tmpdir(), 'vigie-config-'));
  const path = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [one, other] = [await selfSigned(), await selfSigned('CN=other')];
  const cert = path('one.crt', one.cert);
  const both = { VIGIE_TLS_CERTIFICATE: cert, VIGIE_TLS_KEY: path('one.key', one.key) };
  expect(await open(both)).toEqual([8181, 8185, 8187, 8188]);
  expect(await open({ ...both, VIGIE_OCPP_SOAP16_TLS_PORT: 'off' })).toEqual([8181, 8185, 8187]);
  const [otherCert, otherKey] = [path('other.crt', other.cert), path('other.key', other.key)];
  const two = { VIGIE_TLS_CERTIFICATE: `${cert}, ${otherCert}`, VIGIE_TLS_KEY: `${both.VIGIE_TLS_KEY},${otherKey}` };
  expect(await open(two)).toHaveLength(4);
  await expect(open({ ...both, VIGIE_TLS_KEY: otherKey })).rejects.toThrow(/VIGIE_TLS_KEY: .* another’s/);
  await expect(open({ VIGIE_TLS_CERTIFICATE: cert })).rejects.toThrow(/each certificate needs its key/);
  rmSync(folder, { recursive: true });
  await expect(open(both)).rejects.toThrow(/VIGIE_TLS_CERTIFICATE.*one\.crt/);
});

test('a file with a setting that does not exist is refused: a misspelled one would be silence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-config-'));
  const path = join(folder, 'vigie.json');
  writeFileSync(path, JSON.stringify({ webport: 3100 }));
  expect(() => readConfig({ VIGIE_CONFIG: path })).toThrow(/webport/);
  rmSync(folder, { recursive: true });
});

test('the help names every setting', () => {
  const settings = Object.keys(readConfig({})).length;
  expect(help().match(/^ {2}VIGIE_/gm)).toHaveLength(settings + 1);
});
