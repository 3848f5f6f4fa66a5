/** A kit by its serial number, with the key that its server made for it. */
export type KitKey = { readonly serial: string; readonly key: Buffer };

/** docs/protocols/lafonpulse.md, sections 1 and 2. */
const LINE = /^([\w.-]{1,20})[\s;,]+([\da-f]{64})$/i;

/**
 * Reads a file of kits: a line for each, its serial number and its key of 64 hexadecimal digits, apart by blanks, `;` or
 * `,`. Empty lines and those that begin with `#` say nothing. A number: the line that is none of this, or whose kit came before.
 */
export function readKitKeys(text: string): readonly KitKey[] | number {
  const kits = new Map<string, KitKey>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const said = line.trim();
    if (said === '' || said.startsWith('#')) continue;
    const [, serial, key] = LINE.exec(said) ?? [];
    if (serial === undefined || key === undefined || kits.has(serial.toUpperCase())) return index + 1;
    kits.set(serial.toUpperCase(), { serial, key: Buffer.from(key, 'hex') });
  }
  return [...kits.values()];
}
