import type { Site } from '#web/deps.ts';

/** « CGU », « Mentions légales », « RGPD » (SUB-06). */
export const LEGAL_PAGES = ['terms', 'legal', 'privacy'] as const;
export type LegalPage = (typeof LEGAL_PAGES)[number];

/** A title, and paragraphs under it; a list of texts is a list on the page. */
export type LegalSection = {
  readonly title: string;
  readonly paragraphs: readonly (string | readonly string[])[];
};
export type LegalText = { readonly title: string; readonly sections: readonly LegalSection[] };
/** Long texts, and not messages: no page quotes a part of them. */
export type LegalTexts = Readonly<Record<LegalPage, (site: Site) => LegalText>>;
