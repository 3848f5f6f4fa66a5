import type { Site } from '#web/deps.ts';
import { englishLegal } from './en-legal.ts';
import { frenchLegal } from './fr-legal.ts';
import type { LegalPage, LegalText, LegalTexts } from './legal-text.ts';
import type { Language } from './t.ts';

const kept: Readonly<Record<Language, LegalTexts>> = { fr: frenchLegal, en: englishLegal };

export function legalText(language: Language, page: LegalPage, site: Site): LegalText {
  return kept[language][page](site);
}
