import { expect, test } from 'vitest';
import { hashPassword, tokenHash, verifyPassword } from '#src/password.ts';

test('a password is verified against its own hash, and no other is', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).not.toContain('horse');
  expect(await verifyPassword('correct horse battery', hash)).toBe(true);
  expect(await verifyPassword('correct horse batterz', hash)).toBe(false);
});

test('the same password never has the same hash twice', async () => {
  expect(await hashPassword('twice the same')).not.toBe(await hashPassword('twice the same'));
});

test('what is not one of our hashes verifies nothing', async () => {
  for (const hash of ['', 'argon2id', 'argon2id$$', 'plain$a$b', 'argon2id$AAAA$AAAA']) {
    expect(await verifyPassword('', hash)).toBe(false);
  }
});

test('of a token only its digest is stored', () => {
  expect(tokenHash('vigie')).toMatch(/^[0-9a-f]{64}$/);
});
