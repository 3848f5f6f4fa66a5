import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import pLimit from 'p-limit';

/** OWASP's and the CNIL's floor for argon2id: 19 MiB, two passes. About 140 ms on a small machine, off the main thread. */
const COST = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 };
const SALT_BYTES = 16;
/** Of the four threads that Node has for such work and for files: commits wait for one of them (decision 0043). */
const THREADS_MAX = 2;
const inTurn = pLimit(THREADS_MAX);
const argon2Of = promisify(argon2);
const derive = (of: { message: Buffer; nonce: Buffer }) => inTurn(() => argon2Of('argon2id', { ...COST, ...of }));

/** `argon2id$<salt>$<tag>`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const tag = await derive({ message: Buffer.from(password), nonce });
  return `argon2id$${nonce.toString('base64url')}$${tag.toString('base64url')}`;
}

/** False for a wrong password, and for a hash that `hashPassword` did not write. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [kind, salt = '', expected = ''] = hash.split('$');
  const nonce = Buffer.from(salt, 'base64url');
  const known = Buffer.from(expected, 'base64url');
  if (kind !== 'argon2id' || nonce.length !== SALT_BYTES || known.length !== COST.tagLength) return false;
  const tag = await derive({ message: Buffer.from(password), nonce });
  return timingSafeEqual(known, tag);
}

/** What is stored of a random token: its SHA-256 in hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
