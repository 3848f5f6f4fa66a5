import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, help, readConfig } from '#src/config.ts';

test('an empty environment gives the ports of the manual', () => {
  expect(readConfig({})).toMatchObject({ webPort: 3000, ocppJsonPort: 8189, welcomeStrangers: false });
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
