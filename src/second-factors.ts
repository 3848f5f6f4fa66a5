import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { SecondFactors } from '#src/domain/office/account.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import { doorAudit } from './door-audit.ts';

/** RFC 4226 §4 asks for 128 bits and recommends 160; 32 characters of base 32. */
const SECRET_BYTES = 20;
const SECRET = /^[A-Z2-7]{32}$/;
const STEP_S = 30;
/** RFC 6238 §5.2: a code of the step before or after is taken too, for clocks that are a little off. */
const WINDOW_STEPS = 1;
const RECOVERY_CODES = 8;
/** 80 bits: too many to be guessed from their hashes. */
const RECOVERY_BYTES = 10;
const RECOVERY = /^[a-z2-7]{16}$/;

/** Second factors over the back office's store. Chance comes from the system; time with each call. */
export function secondFactorsOver(office: Office): SecondFactors {
  const { credentials } = office;
  const write = async (writes: readonly OfficeWrite[]): Promise<boolean> => (await office.write(writes)) === 'ok';
  return {
    async of(ownerId) {
      const factor = await credentials.factor(ownerId);
      return factor === null ? null : { sinceMs: factor.sinceMs, codesLeft: await credentials.recoveryCodes(ownerId) };
    },
    freshSecret: () => new Secret({ size: SECRET_BYTES }).base32,
    keyUri: (secret, username) => totp(secret, username).toString(),
    async turnOn({ ownerId, secret, code }, doer) {
      const lastStep = SECRET.test(secret) ? stepOf(secret, code, doer.atMs) : null;
      if (lastStep === null) return null;
      const codes = recoveryCodes();
      const factor = { secret, sinceMs: doer.atMs, lastStep };
      const on = { type: 'factor-on', ownerId, factor, recoveryHashes: codes.map(hashOf) } as const;
      return (await write([on, ...(await doorAudit(office, ownerId, 'factor-on', doer))])) ? codes : null;
    },
    async renewCodes(ownerId, doer) {
      const factor = await credentials.factor(ownerId);
      if (factor === null) return null;
      const codes = recoveryCodes();
      const renewed = { type: 'factor-on', ownerId, factor, recoveryHashes: codes.map(hashOf) } as const;
      return (await write([renewed, ...(await doorAudit(office, ownerId, 'codes-renewed', doer))])) ? codes : null;
    },
    async turnOff(ownerId, doer) {
      await write([{ type: 'factor-off', ownerId }, ...(await doorAudit(office, ownerId, 'factor-off', doer))]);
    },
    async passes({ ownerId, typed }, doer) {
      const factor = await credentials.factor(ownerId);
      if (factor === null) return false;
      const step = stepOf(factor.secret, typed, doer.atMs);
      if (step !== null) return write([{ type: 'code-used', ownerId, step }]);
      if (!RECOVERY.test(bare(typed))) return false;
      const used = { type: 'recovery-used', ownerId, codeHash: hashOf(typed) } as const;
      return write([used, ...(await doorAudit(office, ownerId, 'recovery-used', doer))]);
    },
  };
}

/** The step whose code this is, within the window; null for a wrong one. SHA-1, six digits: what every telephone knows. */
export function stepOf(secret: string, typed: string, atMs: number): number | null {
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const code = totp(secret, '');
  const delta = code.validate({ token, timestamp: atMs, window: WINDOW_STEPS });
  return delta === null ? null : code.counter({ timestamp: atMs }) + delta;
}

function totp(secret: string, username: string): TOTP {
  return new TOTP({ issuer: 'Vigie', label: username, secret: Secret.fromBase32(secret), period: STEP_S });
}

/** `k3tz-…`: four groups of four letters and digits. */
function recoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: Uint8Array.from(randomBytes(RECOVERY_BYTES)).buffer }).base32.toLowerCase();
    return text.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** Typed with or without its dashes, in any letter case. */
function bare(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase();
}

function hashOf(code: string): string {
  return createHash('sha256').update(bare(code)).digest('hex');
}
