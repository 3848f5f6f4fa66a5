import { createHmac } from 'node:crypto';

/** An SMS is one message of the GSM alphabet. */
const SMS_CHARACTERS_MAX = 160;
const CHECK_DIGITS = 12;
/** What every alphabet of telephones has, and our separator is not of it. */
const FIELD = /^[ !"#%&'()*+,\-./0-9:<=>?A-Z_a-z@$]*$/;

/**
 * The SMS that gives a kit its access point (docs/protocols/lafonpulse.md, section 10). Null when it cannot be written:
 * a character that no SMS carries as it is, or more of them than fit into one.
 */
export function writeApnSms(
  of: { readonly serial: string; readonly apn: string; readonly login: string; readonly password: string },
  key: Buffer,
): string | null {
  const fields = [of.serial, of.apn, of.login, of.password];
  if (!fields.every((field) => FIELD.test(field))) return null;
  const said = `LP1;APN;${fields.join(';')};`;
  const check = createHmac('sha256', key).update(said).digest('hex').slice(0, CHECK_DIGITS).toUpperCase();
  return said.length + CHECK_DIGITS > SMS_CHARACTERS_MAX ? null : said + check;
}
