import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/requirements.md', import.meta.url), 'utf8');
const quoted = [...page.matchAll(/`(test\/[^`]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = '', titles = '']) =>
  [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
);

test('docs/requirements.md quotes tests that exist, by pieces of their titles', () => {
  expect(quoted.length).toBeGreaterThan(100);
  const texts = new Map<string, string>();
  const missing = quoted.filter(({ file, title }) => {
    const path = new URL(`../../${file}`, import.meta.url);
    if (!texts.has(file)) texts.set(file, existsSync(path) ? readFileSync(path, 'utf8') : '');
    return !texts.get(file)?.includes(title);
  });
  expect(missing).toEqual([]);
});

test('each requirement stands in one line', () => {
  const ids = [...page.matchAll(/^\| ([A-Za-z]+-\d+) /gm)].map(([, id]) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});
