import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WEATHER_LIMITS, weatherFrom } from '#src/domain/weather.ts';
import { startSimulatedFleet, type FleetOptions } from './fleet.ts';
import { readKitKeys } from './kit/keys.ts';
import type { Dial } from './line.ts';
import { kitNameplate, nameplatesFor } from './models.ts';
import type { Nameplate } from './state.ts';
import { Tally } from './tally.ts';
import { TRANSPORTS, type SimulatedProtocol } from './transports.ts';

const CHARGERS_MAX = 10_000;
const CHARGERS = 10;
const LAFON_PULSE_PORT = 1080;
const REPORT_EVERY_MS = 10_000;
const OPTIONS = {
  protocol: {
    type: 'string',
    default: 'ocpp-1.6-json',
    about: `one or several of: ${Object.keys(TRANSPORTS).join(',')}`,
  },
  url: {
    type: 'string',
    default: '',
    about: `where they dial, one for each protocol, such as ${addresses()}; without: here`,
  },
  chargers: {
    type: 'string',
    default: '',
    about: `how many of each protocol, up to ${CHARGERS_MAX}; without: ${CHARGERS}, or all of --kits`,
  },
  prefix: { type: 'string', default: 'SIM-', about: 'their identities are SIM-1, SIM-2...; kits have those of --kits' },
  kits: {
    type: 'string',
    default: '',
    about: 'for lafonpulse: a file with a line for each kit, its serial number and key',
  },
  badges: { type: 'string', default: 'TEST-1,TEST-2,TEST-3', about: 'what drivers show, separated by commas' },
  password: { type: 'string', default: '', about: 'HTTP Basic password of all of them; empty: none' },
  speed: { type: 'string', default: '10', about: 'how many times faster than life they charge' },
  seed: { type: 'string', default: '1', about: 'the same seed draws the same fleet' },
  for: { type: 'string', default: '0', about: 'seconds until it ends; 0: until Ctrl-C' },
  loss: { type: 'string', default: '0', about: percent('lossPercent', 'messages that vanish') },
  delay: { type: 'string', default: '0', about: `mean delay of a message in ms, up to ${WEATHER_LIMITS.delayMs.max}` },
  skew: { type: 'string', default: '0', about: 'seconds that their clocks are ahead; behind when negative' },
  duplicates: { type: 'string', default: '0', about: percent('duplicatesPercent', 'messages that come twice') },
  reorder: { type: 'string', default: '0', about: percent('reorderPercent', 'messages that later ones overtake') },
} as const;

function addresses(): string {
  return Object.values(TRANSPORTS)
    .map(({ url }) => url)
    .join(',');
}

function percent(name: 'lossPercent' | 'duplicatesPercent' | 'reorderPercent', what: string): string {
  return `${what}, in percent, up to ${WEATHER_LIMITS[name].max}`;
}

function help(): string {
  const lines = Object.entries(OPTIONS).map(
    ([name, { default: fallback, about }]) =>
      `  --${name.padEnd(12)} ${about}${fallback === '' ? '' : ` [${fallback}]`}`,
  );
  return ['Drives simulated chargers against a server.', '', 'npm run simulate -- [options]', '', ...lines, ''].join(
    '\n',
  );
}

/** Says what is wrong with the command line, and ends. */
function refuse(why: string): never {
  console.error(`${why}\n\n${help()}`);
  process.exit(2);
}

function read() {
  try {
    return parseArgs({ options: { ...OPTIONS, help: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    // An option that there is not, or one without its value.
    if (error instanceof TypeError) return refuse(error.message);
    throw error;
  }
}

function numberOf(
  name: 'chargers' | 'speed' | 'seed' | 'for',
  min: number,
  max: number,
  fallback = Number.NaN,
): number {
  const value = values[name] === '' ? fallback : Number(values[name]);
  return value >= min && value <= max ? value : refuse(`--${name} must be a number from ${min} to ${max}`);
}

/** What speaks one protocol, and where it dials. */
type Part = { readonly protocol: SimulatedProtocol; readonly url: string };

/** Each protocol with its address, in the order in which they were named. */
function partsOf(): readonly Part[] {
  const protocols = values.protocol.split(',');
  const urls = values.url === '' ? [] : values.url.split(',');
  if (new Set(protocols).size < protocols.length) refuse('--protocol names the same one twice');
  if (urls.length > 0 && urls.length !== protocols.length) refuse('--url needs one address for each --protocol');
  return protocols.map((protocol, index) => {
    if (!isProtocol(protocol)) return refuse(`--protocol ${protocol} is not known`);
    const { url: here, schemes } = TRANSPORTS[protocol];
    const url = (urls[index] ?? here).replace(/\/+$/, '');
    return URL.canParse(url) && schemes.some((scheme) => url.startsWith(scheme))
      ? { protocol, url }
      : refuse(`--url ${url} is no address of ${protocol}: it would be as ${here}`);
  });
}

function isProtocol(name: string): name is SimulatedProtocol {
  return Object.hasOwn(TRANSPORTS, name);
}

/** Those whom the fleet is made of: identities go on from one protocol to the next. */
function fleetOf(parts: readonly Part[]): Pick<FleetOptions, 'url' | 'chargers' | 'dials' | 'kits'> {
  const dials = new Map<string, Dial>();
  const chargers: Nameplate[] = [];
  let kits: FleetOptions['kits'];
  for (const { protocol, url } of parts) {
    if (protocol === 'lafonpulse') {
      kits = kitsAt(url);
      continue;
    }
    const count = Math.floor(numberOf('chargers', 1, CHARGERS_MAX, CHARGERS));
    const first = chargers.length + 1;
    const own = nameplatesFor(Array.from({ length: count }, (_, index) => `${values.prefix}${first + index}`));
    const dial = TRANSPORTS[protocol].dial(url);
    if (dial !== null) for (const { identity } of own) dials.set(identity, dial);
    chargers.push(...own);
  }
  const url = parts.find(({ protocol }) => protocol === 'ocpp-1.6-json')?.url ?? '';
  return { url, chargers, dials, ...(kits && { kits }) };
}

/** Kits are not made up: each signs with the key that its server gave it. */
function kitsAt(address: string): NonNullable<FleetOptions['kits']> {
  const keys = kitKeys();
  const count = Math.floor(numberOf('chargers', 1, CHARGERS_MAX, keys.length));
  const { hostname, port } = new URL(address);
  const kits = keys.slice(0, count).map(({ serial, key }) => ({ nameplate: kitNameplate(serial), key, iccid: null }));
  // An address of IPv6 stands between brackets in a URL alone.
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || LAFON_PULSE_PORT), kits };
}

function kitKeys() {
  if (values.kits === '') return refuse('--protocol lafonpulse needs --kits: a kit speaks with the key of its page');
  let text: string;
  try {
    text = readFileSync(values.kits, 'utf8');
  } catch {
    // Not there, no file, or not for us.
    return refuse(`--kits ${values.kits} cannot be read`);
  }
  const keys = readKitKeys(text);
  if (typeof keys === 'number')
    return refuse(`--kits ${values.kits}, line ${keys}: a serial number once, and its key of 64 hexadecimal digits`);
  return keys.length === 0 ? refuse(`--kits ${values.kits} names no kit`) : keys;
}

const values = read();
if (values.help) {
  console.log(help());
  process.exit(0);
}
const { loss, delay, skew, duplicates, reorder } = values;
const parts = partsOf();
const weather =
  weatherFrom({
    lossPercent: loss,
    delayMs: delay,
    skewSeconds: skew,
    duplicatesPercent: duplicates,
    reorderPercent: reorder,
  }) ?? refuse('--loss, --delay, --skew, --duplicates and --reorder must be numbers within their limits');
const forSeconds = numberOf('for', 0, 86_400 * 365);
const tally = new Tally();
const fleet = startSimulatedFleet({
  ...fleetOf(parts),
  idTags: values.badges.split(',').filter((badge) => badge !== ''),
  seed: numberOf('seed', 0, 2 ** 31),
  speed: numberOf('speed', 0.1, 1_000),
  weather: () => weather,
  tally,
  ...(values.password !== '' && { password: values.password }),
});
const where = parts.map(({ protocol, url }) => `${url} (${protocol})`).join(', ');
console.log(`${fleet.chargers.length} chargers dial ${where}. Ctrl-C ends it.`);
const report = setInterval(() => {
  const pending = fleet.chargers.reduce((sum, charger) => sum + charger.pending(), 0);
  console.log(
    `links ${tally.of('links') - tally.of('linksLost')}, calls ${tally.of('calls')}, answered ${tally.of('answers')}, waiting ${pending}`,
  );
}, REPORT_EVERY_MS);

let ending = false;
async function end(): Promise<void> {
  if (ending) process.exit(1);
  ending = true;
  clearInterval(report);
  await fleet.stop();
  console.log(['', ...tally.summary()].join('\n'));
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
if (forSeconds > 0) setTimeout(() => void end(), forSeconds * 1000);
