import { parseArgs } from 'node:util';
import { WEATHER_LIMITS, weatherFrom } from '#src/domain/weather.ts';
import { startSimulatedFleet } from './fleet.ts';
import { nameplatesFor } from './models.ts';
import { Tally } from './tally.ts';
import { TRANSPORTS, type SimulatedProtocol } from './transports.ts';

const CHARGERS_MAX = 10_000;
const REPORT_EVERY_MS = 10_000;
const OPTIONS = {
  url: { type: 'string', default: 'ws://localhost:8189', about: 'where they dial; /<identity> is added' },
  protocol: { type: 'string', default: 'ocpp-1.6-json', about: `one of: ${Object.keys(TRANSPORTS).join(', ')}` },
  chargers: { type: 'string', default: '10', about: `how many, up to ${CHARGERS_MAX}` },
  prefix: { type: 'string', default: 'SIM-', about: 'their identities are SIM-1, SIM-2...' },
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

function percent(name: 'lossPercent' | 'duplicatesPercent' | 'reorderPercent', what: string): string {
  return `${what}, in percent, up to ${WEATHER_LIMITS[name].max}`;
}

function help(): string {
  const lines = Object.entries(OPTIONS).map(
    ([name, { default: fallback, about }]) => `  --${name.padEnd(12)} ${about} [${fallback}]`,
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

function numberOf(name: 'chargers' | 'speed' | 'seed' | 'for', min: number, max: number): number {
  const value = Number(values[name]);
  return value >= min && value <= max ? value : refuse(`--${name} must be a number from ${min} to ${max}`);
}

const values = read();
if (values.help) {
  console.log(help());
  process.exit(0);
}
const { url, protocol, prefix, loss, delay, skew, duplicates, reorder } = values;
if (!Object.hasOwn(TRANSPORTS, protocol)) refuse(`--protocol ${protocol} is not known`);
if (!URL.canParse(url)) refuse(`--url ${url} is no address`);
const weather =
  weatherFrom({
    lossPercent: loss,
    delayMs: delay,
    skewSeconds: skew,
    duplicatesPercent: duplicates,
    reorderPercent: reorder,
  }) ?? refuse('--loss, --delay, --skew, --duplicates and --reorder must be numbers within their limits');
const count = Math.floor(numberOf('chargers', 1, CHARGERS_MAX));
const forSeconds = numberOf('for', 0, 86_400 * 365);
const address = url.replace(/\/+$/, '');
const dial = TRANSPORTS[protocol as SimulatedProtocol](address);
const tally = new Tally();
const fleet = startSimulatedFleet({
  url: address,
  ...(dial !== null && { dial }),
  chargers: nameplatesFor(Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)),
  idTags: values.badges.split(',').filter((badge) => badge !== ''),
  seed: numberOf('seed', 0, 2 ** 31),
  speed: numberOf('speed', 0.1, 1_000),
  weather: () => weather,
  tally,
  ...(values.password !== '' && { password: values.password }),
});
console.log(`${count} chargers dial ${url} (${protocol}). Ctrl-C ends it.`);
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
