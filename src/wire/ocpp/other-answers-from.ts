import type { ChargingRateUnit, ChargingSchedulePeriod, CompositeScheduleAnswer } from './charging-profile.ts';
import type { Draft } from './call-reader.ts';
import type { ManagementAnswer } from './management-messages.ts';
import { isObject, type Fields, type Reading } from './reading.ts';
import type { CertificateHashData, SecurityAnswer } from './security-messages.ts';
import { vocabulary } from './vocabulary.ts';

/** Periods of one schedule; chargers have some tens. */
const PERIODS_MAX = 500;
/** Certificates of one kind in one charger. */
const CERTIFICATES_MAX = 100;
const UNITS = vocabulary<ChargingRateUnit>(
  ['A', 'W'],
  [
    ['current', 'A'],
    ['power', 'W'],
  ],
);
const HASHES = vocabulary<CertificateHashData['hashAlgorithm']>(['SHA256', 'SHA384', 'SHA512']);

const DIAGNOSTICS_PROPERTIES = new Set(['fileName']);
const VERSION_PROPERTIES = new Set(['listVersion']);
const COMPOSITE_PROPERTIES = new Set(['status', 'connectorId', 'scheduleStart', 'chargingSchedule']);
const LOG_PROPERTIES = new Set(['status', 'filename']);
const IDS_PROPERTIES = new Set(['status', 'certificateHashData']);

/** An empty name says the same as none. */
export function readDiagnostics(fields: Fields, reading: Reading): ManagementAnswer {
  reading.onlyKnown(fields, DIAGNOSTICS_PROPERTIES);
  return { action: 'GetDiagnostics', fileName: reading.text(fields.fileName, 'fileName', 255) || null };
}

export function readListVersion(fields: Fields, reading: Reading): ManagementAnswer {
  reading.onlyKnown(fields, VERSION_PROPERTIES);
  const listVersion = reading.vital(reading.integer(fields.listVersion, 'listVersion'), 'listVersion', 0);
  return { action: 'GetLocalListVersion', listVersion };
}

export function readLog(fields: Fields, reading: Reading, status: string): SecurityAnswer {
  reading.onlyKnown(fields, LOG_PROPERTIES);
  return { action: 'GetLog', status, filename: reading.text(fields.filename, 'filename', 255) || null };
}

/** A schedule that cannot be read is left out: what counts is the status. */
export function readComposite(fields: Fields, reading: Reading, status: string): CompositeScheduleAnswer {
  reading.onlyKnown(fields, COMPOSITE_PROPERTIES);
  const connectorId = reading.connectorId(fields.connectorId);
  const scheduleStart = reading.text(fields.scheduleStart, 'scheduleStart', 50);
  const answer: Draft<CompositeScheduleAnswer> = { action: 'GetCompositeSchedule', status };
  if (connectorId !== undefined) answer.connectorId = connectorId;
  if (scheduleStart !== undefined) answer.scheduleStart = scheduleStart;
  if (!isObject(fields.chargingSchedule)) return answer;
  const { chargingRateUnit, duration, chargingSchedulePeriod: periods } = fields.chargingSchedule;
  const unit = reading.word(chargingRateUnit, 'chargingRateUnit', UNITS, 'A');
  if (unit === undefined) return answer;
  const seconds = reading.integer(duration, 'duration');
  const chargingSchedulePeriod = reading
    .list(periods, 'chargingSchedulePeriod', PERIODS_MAX)
    .flatMap((period) => readPeriod(period, reading) ?? []);
  answer.chargingSchedule = {
    chargingRateUnit: unit,
    chargingSchedulePeriod,
    ...(seconds === undefined ? {} : { duration: seconds }),
  };
  return answer;
}

function readPeriod(period: unknown, reading: Reading): ChargingSchedulePeriod | null {
  const limit = isObject(period) && typeof period.limit === 'string' ? Number(period.limit) : null;
  if (!isObject(period) || (typeof period.limit !== 'number' && (limit === null || Number.isNaN(limit)))) {
    reading.note('missing-property');
    return null;
  }
  if (limit !== null) reading.note('coerced-type');
  const numberPhases = reading.integer(period.numberPhases, 'numberPhases');
  return {
    startPeriod: reading.integer(period.startPeriod, 'startPeriod') ?? 0,
    limit: limit ?? Number(period.limit),
    ...(numberPhases === undefined ? {} : { numberPhases }),
  };
}

export function readCertificateIds(fields: Fields, reading: Reading, status: string): SecurityAnswer {
  reading.onlyKnown(fields, IDS_PROPERTIES);
  const certificateHashData = reading
    .list(fields.certificateHashData, 'certificateHashData', CERTIFICATES_MAX)
    .flatMap((one) => readHashData(one, reading) ?? []);
  return { action: 'GetInstalledCertificateIds', status, certificateHashData };
}

/** Null for a certificate that could not be named in a DeleteCertificate. */
function readHashData(one: unknown, reading: Reading): CertificateHashData | null {
  if (isObject(one)) {
    // An object may well refuse to be written as a text.
    const near = typeof one.hashAlgorithm === 'string' ? HASHES.near(one.hashAlgorithm) : undefined;
    const hashAlgorithm = HASHES.exact.get(one.hashAlgorithm) ?? near;
    const issuerNameHash = reading.text(one.issuerNameHash, 'issuerNameHash', 128);
    const issuerKeyHash = reading.text(one.issuerKeyHash, 'issuerKeyHash', 128);
    const serialNumber = reading.text(one.serialNumber, 'serialNumber', 40);
    if (hashAlgorithm && issuerNameHash && issuerKeyHash && serialNumber) {
      return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
    }
  }
  reading.note('missing-property');
  return null;
}
