import fc from 'fast-check';

/** Texts that have broken readers before. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\ufeff',
  'é'.repeat(30),
  '-1',
  '0x10',
  '9'.repeat(400),
  '1e400',
  '-0',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00%2e%2e',
  "' OR 1=1 --",
  '<script>',
  ']]>',
  '&amp;',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00Z',
  'x'.repeat(600),
];

/** JSON values that no field expects, as they are written. */
export const ODD_JSON: readonly string[] = [
  ...ODD_TEXTS.map((text) => JSON.stringify(text)),
  'null',
  'true',
  '[]',
  '{}',
  '[[]]',
  '-1',
  '-0',
  '0.5',
  '1e308',
  '1e400',
  '9007199254740993',
  '9'.repeat(300),
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":null,"valueOf":null}',
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
];

/** Where a text is bent: shares of its length, so that one arbitrary fits every message. */
const place = fc.nat({ max: 9_999 }).map((share) => share / 10_000);

type Change = (text: Buffer) => Buffer;

const change: fc.Arbitrary<Change> = fc.oneof(
  // Cut off.
  place.map((share) => (bytes: Buffer) => bytes.subarray(0, share * bytes.length)),
  // Something taken out, put in its place, or both.
  fc
    .tuple(place, fc.nat({ max: 30 }), fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(...ODD_TEXTS)))
    .map(([share, length, put]) => (bytes: Buffer) => {
      const at = Math.floor(share * bytes.length);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(put as string), bytes.subarray(at + length)]);
    }),
  // Bits turned.
  fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }).map((turned) => (bytes: Buffer) => {
    const made = Buffer.from(bytes);
    for (const [share, bits] of turned) {
      const at = Math.floor(share * made.length);
      if (at < made.length) made[at] = (made[at] ?? 0) ^ bits;
    }
    return made;
  }),
  // A part of it again and again.
  fc
    .tuple(place, fc.nat({ max: 60 }), fc.integer({ min: 2, max: 200 }))
    .map(([share, length, times]) => (bytes: Buffer) => {
      const at = Math.floor(share * bytes.length);
      const part = bytes.subarray(at, at + length);
      return Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: times }, () => part), bytes.subarray(at)]);
    }),
);

/** The same bytes, once or twice changed; now and then left as they are. */
export function bytesBent(whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const changes = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
  );
  return fc.tuple(whole, changes).map(([bytes, made]) => made.reduce((before, one) => one(before), bytes));
}

type Json = { readonly [name: string]: unknown };
const MARK = 'm@rk';

/** The JSON of an object, one or two of whose members, however deep, are taken away or are something odd. */
export function jsonBent(objects: readonly Json[]): fc.Arbitrary<string> {
  const bent = fc.record({ at: fc.nat(), odd: fc.option(fc.constantFrom(...ODD_JSON), { freq: 3 }) });
  return fc.tuple(fc.constantFrom(...objects), fc.array(bent, { maxLength: 2 })).map(([object, changes]) => {
    let text = JSON.stringify(object);
    for (const { at, odd } of changes) text = withMember(text, at, odd);
    return text;
  });
}

function withMember(text: string, at: number, odd: string | null): string {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch (error) {
    // Something odd is in it already.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
  const members = membersOf(object);
  const [holder, name] = members[at % Math.max(members.length, 1)] ?? [];
  if (holder === undefined || name === undefined) return text;
  if (odd === null) delete holder[name];
  else holder[name] = MARK;
  return JSON.stringify(object).replace(JSON.stringify(MARK), () => odd ?? '');
}

/** Those of whole messages; what is bent already may be deeper than any stack. */
const DEPTH_MAX = 8;

function membersOf(value: unknown, depth = 0): (readonly [holder: Record<string, unknown>, name: string])[] {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [[holder, name] as const, ...membersOf(holder[name], depth + 1)]);
}

/** What was read, if it is made of JSON alone. @throws for a function, or for what every object inherits from. */
export function plain(value: unknown): void {
  if (typeof value === 'function' || value === Object.prototype) throw new TypeError('this is no JSON');
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) plain(member);
}
