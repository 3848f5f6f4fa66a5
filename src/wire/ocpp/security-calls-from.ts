import type { CallReader, Draft } from './call-reader.ts';
import type { Fields, Reading } from './reading.ts';
import type {
  LogStatusNotification,
  SecurityEventNotification,
  SignCertificate,
  SignedFirmwareStatusNotification,
} from './security-messages.ts';
import { LOG_STATUSES, SIGNED_FIRMWARE_STATUSES } from './vocabulary.ts';

/** Security whitepaper, edition 2: the longest request for a certificate. */
export const CSR_CHARACTERS_MAX = 5_500;

function readSecurityEvent(fields: Fields, reading: Reading): SecurityEventNotification {
  const techInfo = reading.text(fields.techInfo, 'techInfo', 255);
  const call: Draft<SecurityEventNotification> = {
    action: 'SecurityEventNotification',
    type: reading.vital(reading.text(fields.type, 'type', 50), 'type', ''),
    timestamp: reading.wantedTimestamp(fields.timestamp),
  };
  if (techInfo !== undefined) call.techInfo = techInfo;
  return call;
}

/** Taken as it is: its line ends are part of it, and whether it is a request at all is for the one who signs. */
function readSignCertificate(fields: Fields, reading: Reading): SignCertificate {
  const csr = reading.vital(reading.rawText(fields.csr, 'csr'), 'csr', '');
  if (csr.length > CSR_CHARACTERS_MAX) {
    reading.refuse('PropertyConstraintViolation', `csr is longer than ${CSR_CHARACTERS_MAX} characters`);
  }
  return { action: 'SignCertificate', csr };
}

function readLogStatus(fields: Fields, reading: Reading): LogStatusNotification {
  const status = reading.openWord(fields.status, 'status', LOG_STATUSES);
  const requestId = reading.integer(fields.requestId, 'requestId');
  const call: Draft<LogStatusNotification> = {
    action: 'LogStatusNotification',
    status: reading.vital(status, 'status', ''),
  };
  if (requestId !== undefined) call.requestId = requestId;
  return call;
}

function readSignedFirmwareStatus(fields: Fields, reading: Reading): SignedFirmwareStatusNotification {
  const status = reading.openWord(fields.status, 'status', SIGNED_FIRMWARE_STATUSES);
  const requestId = reading.integer(fields.requestId, 'requestId');
  const call: Draft<SignedFirmwareStatusNotification> = {
    action: 'SignedFirmwareStatusNotification',
    status: reading.vital(status, 'status', ''),
  };
  if (requestId !== undefined) call.requestId = requestId;
  return call;
}

/** What chargers say by the security extension of OCPP 1.6. */
export const SECURITY_READERS: readonly (readonly [action: string, reader: CallReader])[] = [
  ['SecurityEventNotification', { properties: new Set(['type', 'timestamp', 'techInfo']), read: readSecurityEvent }],
  ['SignCertificate', { properties: new Set(['csr']), read: readSignCertificate }],
  ['LogStatusNotification', { properties: new Set(['status', 'requestId']), read: readLogStatus }],
  [
    'SignedFirmwareStatusNotification',
    { properties: new Set(['status', 'requestId']), read: readSignedFirmwareStatus },
  ],
];
