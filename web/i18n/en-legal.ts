import type { Site } from '#web/deps.ts';
import type { LegalTexts } from './legal-text.ts';

const MISSING = 'not given in the configuration of this server';

function contactOf({ contact, publisher }: Site): string {
  return contact ?? publisher ?? MISSING;
}

/** The same in English; the French text is the one that binds. */
export const englishLegal: LegalTexts = {
  terms: (site) => ({
    title: 'Terms of use',
    sections: [
      {
        title: 'Purpose',
        paragraphs: [
          'This server supervises charging points for electric vehicles: it shows their state in real time, records charging sessions, sends commands and alerts the people named for it. These terms apply to whoever signs in. The French text is the one that binds.',
        ],
      },
      {
        title: 'Access',
        paragraphs: [
          'An account is opened by the operator of the platform or by the administrator of a subscription. It is personal: its owner keeps the password and the recovery codes secret, and tells the administrator as soon as somebody else may know them.',
          'After several wrong passwords, access is suspended for a quarter of an hour. An account can be limited in time, restricted to some stations, or closed by its administrator.',
        ],
      },
      {
        title: 'Proper use',
        paragraphs: [
          'Users act on nothing but the chargers and data that are entrusted to them. In particular it is forbidden:',
          [
            'to seek the data of another subscriber;',
            'to command a charger without making sure that nobody is put in danger;',
            'to type sensitive data, such as data about health, into free fields;',
            'to disturb the working of the server.',
          ],
          'Acts of administration and entries into accounts are kept, with their author and date, in the audit of the subscription.',
        ],
      },
      {
        title: 'Availability and liability',
        paragraphs: [
          'The state shown is the last that the charger told; the page says since when it has been silent. Nothing shown replaces the safety checks that precede work on an electrical installation.',
          'The server may be stopped for maintenance. Chargers then keep their sessions and send them later; what the server has confirmed is recorded.',
          'The Vigie software is free, under the Apache 2.0 licence, and comes without warranty from its authors. Commitments of service are those of the contract between the operator and the subscriber.',
        ],
      },
      {
        title: 'Prices and charging sessions',
        paragraphs: [
          'Prices are set by the merchant who runs the charger, and sessions are sold by that merchant. Terms of sale, invoices and answers to complaints are the merchant’s own.',
        ],
      },
      {
        title: 'Law',
        paragraphs: [
          'French law applies to these terms. A consumer may turn to a mediator, or to the court of the place where he or she lives.',
          `Questions: ${contactOf(site)}.`,
        ],
      },
    ],
  }),

  legal: (site) => ({
    title: 'Legal notice',
    sections: [
      {
        title: 'Publisher and operator',
        paragraphs: [
          [
            `Name and director of publication: ${site.publisher ?? MISSING}`,
            `Address: ${site.publisherAddress ?? MISSING}`,
            `Contact: ${site.contact ?? MISSING}`,
          ],
        ],
      },
      {
        title: 'Host',
        paragraphs: [site.host ?? `This server is hosted by its operator: ${site.publisher ?? MISSING}.`],
      },
      {
        title: 'Software',
        paragraphs: [
          'Vigie is free software under the Apache 2.0 licence. Its icons come from Lucide (ISC licence), its pages use htmx (0BSD licence).',
        ],
      },
      {
        title: 'Open data',
        paragraphs: [
          ['Communes and postcodes: INSEE, La Poste.', 'Coordinates of communes: GeoNames, CC BY 4.0, and IGN.'],
        ],
      },
      {
        title: 'Reporting content or a vulnerability',
        paragraphs: [`Write to: ${contactOf(site)}. Say what you saw and how, and publish nothing before an answer.`],
      },
    ],
  }),

  privacy: (site) => ({
    title: 'Personal data (GDPR)',
    sections: [
      {
        title: 'Who answers for it',
        paragraphs: [
          `The operator of this server (${site.publisher ?? MISSING}) answers for accounts and security. Each merchant answers for the data of its stations, customers and sessions; the operator processes them on the merchant’s behalf, and a public maintainer acts for the merchant who chose it.`,
        ],
      },
      {
        title: 'What is recorded, and why',
        paragraphs: [
          [
            'A user’s account: name, username, optional mail address and mobile, language, role and restrictions. To give access (contract).',
            'Password and recovery codes: their hashes only. The key of two-step sign-in, where it is on. For security (legitimate interest).',
            'Sign-ins: date, network address, browser family. So that each user sees and ends his or her own.',
            'The audit: who changed what and when, never the values. So that the administrator can answer for it (legitimate interest).',
            'Sessions and messages of chargers: badge, place, times, energy. To deliver, invoice and repair (contract, legal obligation).',
            'Mails and SMS that were sent: recipient and text. To prove and resume a delivery.',
          ],
        ],
      },
      {
        title: 'For how long',
        paragraphs: [
          [
            'An account: as long as the subscription lasts; a deleted one stays in the bin for 30 days, and is then gone.',
            'A sign-in: 7 days at most. A password link: one hour, or 72 hours when an administrator made it.',
            'Messages of chargers: 3 months for technical detail, 2 years for the rest.',
            'Mails and SMS: one year.',
            'Sessions: until 30 days after their station was deleted; sums paid: as long as accounting law demands (10 years).',
          ],
        ],
      },
      {
        title: 'Who sees it',
        paragraphs: [
          'Users of the same subscription, as their roles let them; the maintainer that the merchant chose; the operator of the platform, who may enter an account to help: each entry is kept in the audit of that account. Providers of mail and SMS receive what they carry. Nothing is sold, and nothing serves advertising.',
        ],
      },
      {
        title: 'Cookies',
        paragraphs: [
          'Only necessary cookies are set, without audience measurement or third parties: your consent is therefore not asked for.',
          [
            'vigie: your sign-in, 7 days;',
            'language, theme, layout: your language, theme and version of pages, one year.',
          ],
        ],
      },
      {
        title: 'Your rights',
        paragraphs: [
          'You may ask for access to your data, a copy, correction, erasure, restriction or portability, or object to their processing. An answer is due within one month. The page “My account” shows and changes yours.',
          `To reach the operator, write to: ${contactOf(site)}. For data of a merchant, turn to that merchant first.`,
          'If the answer does not satisfy you, you may complain to the CNIL (www.cnil.fr).',
        ],
      },
    ],
  }),
};
