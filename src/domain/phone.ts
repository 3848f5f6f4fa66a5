/** A telephone number in international form, as SMS need it: a French one is often typed as `06 12 34 56 78`. */
export function internationalPhone(phone: string): string {
  return phone.replace(/^00(?=[1-9])/, '+').replace(/^0(?=[1-9]\d{8}$)/, '+33');
}

/** Ways of writing the same number: as telephones tell it, and as people may have typed it. */
export function waysOfWriting(international: string): readonly string[] {
  const digits = international.replace(/^\+/, '');
  return [international, digits, ...(/^33\d{9}$/.test(digits) ? [`0${digits.slice(2)}`] : [])];
}
