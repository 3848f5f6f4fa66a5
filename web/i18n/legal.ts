import type { Site } from '#web/deps.ts';
import { englishLegal } from './en-legal.ts';
import { frenchLegal } from './fr-legal.ts';
import type { LegalPage, LegalSection, LegalText, LegalTexts } from './legal-text.ts';
import type { Language } from './t.ts';
import { frenchSpacing } from './typography.ts';

const kept: Readonly<Record<Language, LegalTexts>> = { fr: frenchLegal, en: englishLegal };

export function legalText(language: Language, page: LegalPage, site: Site): LegalText {
  const text = kept[language][page](site);
  return language === 'fr' ? { title: frenchSpacing(text.title), sections: text.sections.map(printed) } : text;
}

function printed({ title, paragraphs }: LegalSection): LegalSection {
  return {
    title: frenchSpacing(title),
    paragraphs: paragraphs.map((one) => (typeof one === 'string' ? frenchSpacing(one) : one.map(frenchSpacing))),
  };
}
