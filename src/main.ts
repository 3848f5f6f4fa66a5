import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { ConfigError, help, readConfig, type Config } from './config.ts';

/** Beside the packages, whose removal makes it void; where it cannot be written, each start compiles anew. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
/** Bytes from which small buffers are cut; one that is held holds all that were cut with it (decision 0033). */
const BUFFER_POOL_BYTES = 4_096;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(help());
} else {
  await main(configuration());
}

async function main(config: Config): Promise<void> {
  Buffer.poolSize = BUFFER_POOL_BYTES;
  // What is loaded from here on is stripped of its types and compiled once, not at each start, which halves it.
  enableCompileCache(COMPILED);
  const { startVigie } = await import('./vigie.ts');
  const log = pino({ level: config.logLevel });
  const stop = async (exitCode: number): Promise<void> => {
    process.exitCode = exitCode;
    await vigie.stop();
    log.info({}, 'stopped');
  };
  const vigie = await startVigie({
    config,
    log,
    version: packageJson.version,
    onFenced() {
      log.fatal({}, 'another process has taken the database over: this one stops');
      process.exit(1);
    },
  });
  process.once('SIGTERM', () => void stop(0));
  process.once('SIGINT', () => void stop(0));
  // Only where there is something to be looked at: elsewhere a terminal that closes ends the server, as ever.
  const { renewCertificates } = vigie;
  if (renewCertificates !== null) process.on('SIGHUP', () => void renewCertificates());
  log.info(
    {
      webPort: vigie.webPort,
      ocppJsonPort: vigie.ocppJsonPort,
      ocppSoap15Port: vigie.chargers.portOf('ocpp-1.5-soap'),
      ocppSoap16Port: vigie.chargers.portOf('ocpp-1.6-soap'),
      lafonPulsePort: vigie.lafonPulsePort,
      database: config.database,
    },
    'ready',
  );
  // Not at the end only: a server may run for months, and be killed.
  flushCompileCache();
}

function configuration(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${error.message}\n\nnode src/main.ts --help lists every setting.`);
    process.exit(2);
  }
}
