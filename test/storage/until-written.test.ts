import { expect, test } from 'vitest';
import { UntilWritten } from '#src/storage/until-written.ts';

test('what was read is kept until something is written', async () => {
  let writes = 0;
  let reads = 0;
  const kept = new UntilWritten<{ readonly read: number }>({ writes: () => writes });
  const get = () => kept.get('key', async () => ({ read: (reads += 1) }));
  expect([await get(), await get()]).toEqual([{ read: 1 }, { read: 1 }]);
  writes += 1;
  expect([await get(), await get()]).toEqual([{ read: 2 }, { read: 2 }]);
});

test('what was read while something was written is not kept, for it may be half of each', async () => {
  let writes = 0;
  let reads = 0;
  const kept = new UntilWritten<{ readonly read: number }>({ writes: () => writes });
  const get = (meanwhile: () => void) =>
    kept.get('key', async () => {
      meanwhile();
      return { read: (reads += 1) };
    });
  expect(await get(() => (writes += 1))).toEqual({ read: 1 });
  expect(await get(() => undefined)).toEqual({ read: 2 });
  expect(await get(() => undefined)).toEqual({ read: 2 });
});

test('what was not found is looked for again', async () => {
  const kept = new UntilWritten<{ readonly name: string }>({ writes: () => 0 });
  expect(await kept.get('key', async () => null)).toBeNull();
  expect(await kept.get('key', async () => ({ name: 'found' }))).toEqual({ name: 'found' });
});
