import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import { keysPresented } from '#src/domain/charger-security.ts';

/**
 * 1 MiB and about 3 ms: a key of a charger has 128 bits, and ten thousand chargers may come back at once (decision 0025).
 */
const COST = { N: 1_024, r: 8, p: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Of the four threads that Node has for such work and for files, one: commits wait for another (decision 0043). */
const inTurn = pLimit(1);
/** Keys that were right since the start, so that the same charger costs no more than a lookup when it comes back. */
const REMEMBERED_MAX = 50_000;

/** `scrypt$<salt>$<tag>`, both in base64url, of a key in hex. */
export async function hashKey(key: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(key, salt);
  return `scrypt$${salt.toString('base64url')}$${tag.toString('base64url')}`;
}

/** Looks whether a presented password is the key of a hash, as its bytes or as their hex (field-26). */
export function keyCheck(): (password: Uint8Array, hash: string) => Promise<boolean> {
  const remembered = new Set<string>();
  const secret = randomBytes(TAG_BYTES);
  return async (password, hash) => {
    for (const key of keysPresented(password)) {
      const known = createHmac('sha256', secret).update(`${hash} ${key}`).digest('base64');
      if (remembered.has(known)) return true;
      if (!(await isKey(key, hash))) continue;
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.add(known);
      return true;
    }
    return false;
  };
}

async function isKey(key: string, hash: string): Promise<boolean> {
  const [kind, salt = '', expected = ''] = hash.split('$');
  const known = Buffer.from(expected, 'base64url');
  if (kind !== 'scrypt' || known.length !== TAG_BYTES) return false;
  return timingSafeEqual(known, await derive(key, Buffer.from(salt, 'base64url')));
}

function derive(key: string, salt: Buffer): Promise<Buffer> {
  const derived = () =>
    new Promise<Buffer>((resolve, reject) => {
      scrypt(key, salt, TAG_BYTES, COST, (error, tag) => (error === null ? resolve(tag) : reject(error)));
    });
  return inTurn(derived);
}
