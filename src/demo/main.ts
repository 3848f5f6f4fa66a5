import pino from 'pino';
import { walletActorId } from '#actors/wallet/actor.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { cents } from '#src/domain/money.ts';
import { CALM } from '#src/domain/weather.ts';
import { startSimulatedFleet } from '#src/simulator/fleet.ts';
import { dialSoap } from '#src/simulator/soap-line.ts';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { startVigie, type Vigie } from '../vigie.ts';
import { LOGINS, STRANGERS } from './office.ts';
import { BADGES } from './customers.ts';
import { declareWorld, PASSWORD, type DemoWorld } from './world.ts';

/** The platform operator, who sees everything; the others are subscribers. */
const OPERATOR = 'plateforme';
const API_TOKEN = 'vigie-demo-api-token';
/** A simulated hour lasts six minutes, so that there is always something to see. */
const SPEED = 10;
const SEED = 2026;
/** What each customer of the demonstration has, again and again: a demonstration may run for days. */
const TOP_UP = cents(8_000);
const TOP_UP_EVERY_MS = 3_600_000;

const config = configuration();
const log = pino({ level: config.logLevel });
let world: DemoWorld | null = null;
let weather = CALM;
const vigie = await startVigie({
  config,
  log,
  version: packageJson.version,
  strangersTo: STRANGERS,
  seed: async (storage) => {
    world = await declareWorld(storage, SPEED);
  },
  demo: {
    logins: [...LOGINS, { username: config.operatorUser, who: 'operator' }],
    password: PASSWORD,
    addresses: [
      { label: 'OCPP 1.6 JSON', url: `ws://localhost:${config.ocppJsonPort}/` },
      { label: 'OCPP 1.6 SOAP', url: soapUrl('localhost', '1.6', config.ocppSoap16Port) },
      { label: 'OCPP 1.5 SOAP', url: soapUrl('localhost', '1.5', config.ocppSoap15Port) },
    ],
    badges: (['accepted', 'blocked', 'expired', 'test'] as const).map((kind) => ({ kind, idTag: BADGES[kind] })),
    apiToken: config.apiToken,
    simulator: {
      weather: () => weather,
      change: (next) => {
        weather = next;
      },
    },
  },
  onFenced() {
    console.error('Another process has taken the database over: this one stops.');
    process.exit(1);
  },
});
const fleet = run(vigie, world as unknown as DemoWorld);

/** Where chargers that speak SOAP call. */
function soapUrl(host: string, version: '1.5' | '1.6', port: number | 'off'): string {
  return `http://${host}:${port}/ModuleOCPP${version.replace('.', '')}.svc`;
}

function run(server: Vigie, { fleets, walletIds, soap, kits }: DemoWorld): { stop(): Promise<void> } {
  const topUp = () => {
    const atMs = Date.now();
    const hour = Math.floor(atMs / TOP_UP_EVERY_MS);
    const { engine } = server.chargers.supervision;
    for (const walletId of walletIds)
      engine.tell(walletActorId(walletId), {
        type: 'top-up',
        key: `top-up/demo/${walletId}/${hour}`,
        amount: TOP_UP,
        atMs,
      });
  };
  topUp();
  const topUps = setInterval(topUp, TOP_UP_EVERY_MS);
  const url = `ws://127.0.0.1:${server.ocppJsonPort}`;
  const pulse = { host: '127.0.0.1', port: server.lafonPulsePort, kits: server.lafonPulsePort === 0 ? [] : kits };
  const soapPort = (version: '1.5' | '1.6') => server.chargers.portOf(`ocpp-${version}-soap`);
  const dials = new Map(
    [...soap].map(([identity, version]) => [
      identity,
      dialSoap(soapUrl('127.0.0.1', version, soapPort(version)), version),
    ]),
  );
  const simulated = fleets.map((one, index) =>
    startSimulatedFleet({
      url,
      dials,
      ...one,
      ...(index === 0 && { kits: pulse }),
      seed: SEED + index,
      speed: SPEED,
      weather: () => weather,
    }),
  );
  const count = fleets.reduce((sum, { chargers }) => sum + chargers.length, pulse.kits.length);
  const logins = LOGINS.map((one) => one.username);
  console.log(
    [
      '',
      '  Vigie demonstration',
      '',
      `  Fleet page      http://localhost:${server.webPort}/`,
      `  Logins          ${logins[0]} / ${PASSWORD}   (maintainer)`,
      `                  the same password for ${logins.slice(1).join(', ')} and ${config.operatorUser}`,
      `  Chargers dial   ws://localhost:${server.ocppJsonPort}/<any identity>   (sub-protocol ocpp1.6; unknown ones are adopted)`,
      `                  ${soapUrl('localhost', '1.6', soapPort('1.6'))}   (OCPP 1.6 SOAP)`,
      `                  ${soapUrl('localhost', '1.5', soapPort('1.5'))}   (OCPP 1.5 SOAP)`,
      `  Pulse kits      udp://localhost:${server.lafonPulsePort}   (LafonPulse; their keys are made on their pages)`,
      `  Files           http://localhost:${server.chargers.drop?.httpPort}/ and ftp://localhost:${server.chargers.drop?.ftpPort}/   (each address is made for one charger)`,
      `  Badges          accepted ${BADGES.accepted}   blocked ${BADGES.blocked}   expired ${BADGES.expired}`,
      `  Test badges     ${BADGES.test}, or any that begins with TEST: they charge for free`,
      `  JSON API        http://localhost:${server.webPort}/api/openapi.json   Authorization: Bearer ${config.apiToken}`,
      `  Bad weather     http://localhost:${server.webPort}/demo/simulator   loses, delays and doubles what chargers say`,
      `  Database        ${config.database}`,
      '',
      `  ${count} simulated chargers are arriving. Ctrl-C stops.`,
      '',
    ].join('\n'),
  );
  return {
    async stop() {
      clearInterval(topUps);
      await Promise.all(simulated.map((one) => one.stop()));
    },
  };
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void fleet.stop().then(() => vigie.stop());
  });
}

/** The environment goes before what a demonstration sets by itself. */
function configuration(): Config {
  try {
    return readConfig({
      VIGIE_DATABASE: 'data/demo.sqlite',
      VIGIE_OPERATOR_USER: OPERATOR,
      VIGIE_OPERATOR_PASSWORD: PASSWORD,
      VIGIE_API_TOKEN: API_TOKEN,
      VIGIE_WELCOME_STRANGERS: '1',
      VIGIE_LOG_LEVEL: 'warn',
      ...process.env,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
