/** Picks the form of a noun by the rules of a language: French counts 0 as singular, English does not. */
export function plural(
  locale: string,
): (count: number, forms: { readonly one: string; readonly other: string }) => string {
  const rules = new Intl.PluralRules(locale);
  return (count, forms) => (rules.select(count) === 'one' ? forms.one : forms.other);
}
