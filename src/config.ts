import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isTimeZone } from '#src/domain/office/field.ts';

const port = z.coerce.number().int().min(0).max(65_535);
/** `off`: nothing listens there. */
const portOrOff = z.literal('off').or(port);
const flag = z
  .union([z.boolean(), z.enum(['0', '1', 'true', 'false', 'yes', 'no'])])
  .transform((value) => value === true || value === '1' || value === 'true' || value === 'yes');

/** The server of a template is fixed: what a message says must not choose where it goes. */
const smsUrl = z
  .url({ protocol: /^(https?|s?smpp)$/ })
  .refine((url) => !/^\w+:\/\/[^/?]*[{}]/.test(url), 'its host must be plain')
  .or(z.literal(''));

const httpUrl = z.url({ protocol: /^https?$/ }).or(z.literal(''));
const headerLine = z.string().regex(/^([\w-]+:[ -~]+)?$/, 'must look like Name: value');

/** Every setting, its default, and what it means; the help text is printed from here. */
const SETTINGS = {
  host: { schema: z.string().min(1), fallback: '0.0.0.0', about: 'address to listen on' },
  webPort: { schema: port, fallback: 3000, about: 'pages and JSON API (0: any free port)' },
  ocppJsonPort: { schema: port, fallback: 8189, about: 'OCPP 1.6 JSON chargers, ws://host:port/<identity>' },
  ocppJsonTlsPort: {
    schema: portOrOff,
    fallback: 8190,
    about: 'OCPP 1.6 JSON over TLS, wss://host:port/<identity>, once there is a certificate (off: none)',
  },
  authorityFolder: {
    schema: z.string(),
    fallback: '',
    about: 'folder of the authority that certifies chargers; empty: authority, beside the database',
  },
  dropPort: {
    schema: portOrOff,
    fallback: 8191,
    about: 'HTTP for the files that chargers fetch and leave (off: none)',
  },
  dropFtpPort: {
    schema: portOrOff,
    fallback: 8192,
    about: 'FTP for the same files, passive mode (off: none)',
  },
  dropUrl: {
    schema: z.url({ protocol: /^https?$/ }).or(z.literal('')),
    fallback: '',
    about: 'address of these files for chargers, behind a proxy; empty: the name by which each charger calls us',
  },
  filesFolder: {
    schema: z.string(),
    fallback: '',
    about: 'folder of firmwares and of logs of chargers; empty: files, beside the database',
  },
  ocppSoap15Port: {
    schema: portOrOff,
    fallback: 8181,
    about: 'OCPP 1.5 SOAP chargers, http://host:port/ModuleOCPP15.svc (off: none)',
  },
  ocppSoap16Port: {
    schema: portOrOff,
    fallback: 8187,
    about: 'OCPP 1.6 SOAP chargers, http://host:port/ModuleOCPP16.svc (off: none)',
  },
  ocppSoap15TlsPort: { schema: portOrOff, fallback: 8185, about: 'the same over TLS, once there is a certificate' },
  ocppSoap16TlsPort: { schema: portOrOff, fallback: 8188, about: 'the same over TLS, once there is a certificate' },
  tlsCertificate: {
    schema: z.string(),
    fallback: '',
    about:
      'path of the certificate with its chain (PEM) that chargers see, or several, separated by commas; empty: no TLS port',
  },
  tlsKey: { schema: z.string(), fallback: '', about: 'path of its private key (PEM), or of each, in the same order' },
  lafonPulsePort: {
    schema: portOrOff,
    fallback: 1080,
    about: 'Pulse kits, LafonPulse over UDP (docs/protocols/lafonpulse.md); off: closed',
  },
  database: {
    schema: z.string().min(1),
    fallback: 'data/vigie.sqlite',
    about: 'path of the SQLite file, created when absent',
  },
  operatorUser: { schema: z.string().min(1).max(80), fallback: 'operator', about: 'login of the operator account' },
  operatorPassword: {
    schema: z.string().min(12).max(200).or(z.literal('')),
    fallback: '',
    about: 'its password (12 characters at least); empty: the account is left as it is',
  },
  operatorForgetsFactor: {
    schema: flag,
    fallback: false,
    about: 'takes the second factor off the operator account at this start: his telephone is lost',
  },
  apiToken: {
    schema: z.string().min(16).max(200).or(z.literal('')),
    fallback: '',
    about: 'bearer token of the JSON API (16 characters at least); empty: none is added',
  },
  welcomeStrangers: {
    schema: flag,
    fallback: false,
    about: 'adopt unknown chargers, and let badges that begin with TEST charge for free',
  },
  geocoderUrl: {
    schema: z.url({ protocol: /^https?$/ }).or(z.literal('')),
    fallback: '',
    about: 'address service of the BAN format, such as https://data.geopf.fr/geocodage; empty: towns only, offline',
  },
  publicUrl: {
    schema: z.url({ protocol: /^https?$/ }).or(z.literal('')),
    fallback: '',
    about:
      'address of this server for links in mails, https://vigie.example; empty: the address that a page was asked by',
  },
  publisher: {
    schema: z.string().max(200),
    fallback: '',
    about: 'who runs this server, for the legal pages: a name, and its director of publication',
  },
  publisherAddress: { schema: z.string().max(300), fallback: '', about: 'postal address of the publisher' },
  contact: { schema: z.string().max(200), fallback: '', about: 'mail address or telephone for questions and rights' },
  hostedBy: { schema: z.string().max(300), fallback: '', about: 'name and address of who hosts this server' },
  proxies: {
    schema: z.coerce.number().int().min(0).max(9),
    fallback: 0,
    about: 'how many reverse proxies stand in front of the pages; what they say of addresses is then believed',
  },
  timeZone: {
    schema: z.string().refine(isTimeZone, 'must be a zone such as Europe/Paris'),
    fallback: 'Europe/Paris',
    about: 'whose clocks pages and exports show, and whose days they count',
  },
  journalDebugDays: {
    schema: z.coerce.number().int().min(1).max(3_650),
    fallback: 92,
    about: 'days that Debug lines of the journal are kept: readings, heartbeats',
  },
  journalDays: {
    schema: z.coerce.number().int().min(1).max(36_500),
    fallback: 731,
    about: 'days that its other lines are kept; never fewer than those of Debug',
  },
  mailUrl: {
    schema: z.url({ protocol: /^smtps?$/ }).or(z.literal('')),
    fallback: '',
    about: 'mail server, smtp://user:password@host:587 or smtps://...; empty: mails stay in the outbox',
  },
  mailFrom: {
    schema: z.string().min(3).max(320),
    fallback: 'Vigie <vigie@localhost>',
    about: 'sender of mails',
  },
  smsUrl: {
    schema: smsUrl,
    fallback: '',
    about:
      'SMS by smpp://system:password@host:2775 (ssmpp:// over TLS), or by https://provider/send?to={to}&text={text}',
  },
  smsFrom: { schema: z.string().max(20), fallback: 'Vigie', about: 'sender of SMS: a number, or up to 11 letters' },
  smsMethod: { schema: z.enum(['GET', 'POST']), fallback: 'POST', about: 'of the HTTP provider: GET or POST' },
  smsHeader: {
    schema: headerLine,
    fallback: '',
    about: 'a header that the HTTP provider wants, Authorization: Bearer ...',
  },
  smsBody: {
    schema: z.string().max(2_000),
    fallback: '',
    about: 'body for the HTTP provider (form, JSON or XML) with {to}, {text}, {from}, {key}',
  },
  smsInSecret: {
    schema: z
      .string()
      .regex(/^[\w-]{24,100}$/, 'must be 24 letters and digits at least')
      .or(z.literal('')),
    fallback: '',
    about: 'SMS that people send to charge: their provider posts them to /incoming-sms/<this secret>; empty: closed',
  },
  smsInFields: {
    schema: z.string().regex(/^[\w.-]+,[\w.-]+(,[\w.-]+)?$/, 'must look like from,text,id'),
    fallback: 'from,text,id',
    about: 'how the provider names its fields (form or JSON): sender, text, and the id of the SMS if it has one',
  },
  gireveUrl: {
    schema: httpUrl,
    fallback: '',
    about: 'address that takes the statuses for Girève (docs/protocols/roaming-statuses.md); empty: they stay here',
  },
  gireveHeader: { schema: headerLine, fallback: '', about: 'a header that it wants, Authorization: Bearer ...' },
  easyconnectUrl: { schema: httpUrl, fallback: '', about: 'the same for EASYCONNECT' },
  easyconnectHeader: { schema: headerLine, fallback: '', about: 'a header that it wants' },
  logLevel: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    fallback: 'info',
    about: 'fatal, error, warn, info, debug or silent',
  },
} as const;

type Settings = typeof SETTINGS;
export type Config = { readonly [K in keyof Settings]: z.output<Settings[K]['schema']> };

/** Says which setting is wrong, and how. */
export class ConfigError extends Error {}

/** `webPort` is `VIGIE_WEB_PORT` in the environment. */
function environmentName(key: string): string {
  return `VIGIE_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * The configuration, read once: the environment goes before the JSON file named by `VIGIE_CONFIG`, which goes before
 * the defaults. @throws ConfigError for a value that cannot be used, and for a key that the file should not have.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const path = environment['VIGIE_CONFIG'];
  const file = path === undefined ? {} : readFile(path);
  for (const key of Object.keys(file)) {
    if (!(key in SETTINGS)) throw new ConfigError(`${path}: there is no setting "${key}"`);
  }
  const entries = Object.entries(SETTINGS).map(([key, { schema, fallback }]) => {
    const given = environment[environmentName(key)] ?? file[key] ?? fallback;
    const parsed = schema.safeParse(given);
    if (!parsed.success)
      throw new ConfigError(`${environmentName(key)}: ${parsed.error.issues[0]?.message ?? 'not usable'}`);
    return [key, parsed.data];
  });
  return Object.fromEntries(entries) as Config;
}

function readFile(path: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new ConfigError(`VIGIE_CONFIG: ${path} is not a JSON object that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** What `npm start -- --help` prints. */
export function help(): string {
  const lines = Object.entries(SETTINGS).map(
    ([key, { fallback, about }]) => `  ${environmentName(key).padEnd(26)} ${about} [${String(fallback)}]`,
  );
  return [
    'Vigie supervises electric-vehicle chargers. Settings come from the environment, or from a JSON file:',
    '',
    ...lines,
    `  ${'VIGIE_CONFIG'.padEnd(26)} path of a JSON file with the same settings (webPort, database...); the environment goes first`,
    '',
    'npm start        an empty server',
    'npm run demo     a server with a small world and simulated chargers',
  ].join('\n');
}
