/**
 * The bodies of LafonPulse (docs/protocols/lafonpulse.md) as a reader of the journal finds them: the words of OCPP beside
 * those of the kit, so that one sentence serves all chargers. The frame itself is shown as it travelled.
 */
type Fields = Readonly<Record<string, unknown>>;

const STATES: Fields = {
  free: 'Available',
  parked: 'Preparing',
  charging: 'Charging',
  'paused-vehicle': 'SuspendedEV',
  'paused-kit': 'SuspendedEVSE',
  finished: 'Finishing',
  reserved: 'Reserved',
  out: 'Unavailable',
  fault: 'Faulted',
};
const FAULTS: Fields = {
  none: 'NoError',
  lock: 'ConnectorLockFailure',
  vehicle: 'EVCommunicationError',
  earth: 'GroundFailure',
  heat: 'HighTemperature',
  inside: 'InternalError',
  current: 'OverCurrentFailure',
  'over-voltage': 'OverVoltage',
  'under-voltage': 'UnderVoltage',
  meter: 'PowerMeterFailure',
  relay: 'PowerSwitchFailure',
  reader: 'ReaderFailure',
  modem: 'WeakSignal',
  flap: 'OtherError',
  other: 'OtherError',
};
const ENDS: Fields = {
  user: 'Local',
  full: 'Local',
  time: 'Local',
  value: 'Local',
  unplugged: 'EVDisconnected',
  order: 'Remote',
  unlock: 'UnlockCommand',
  refused: 'DeAuthorized',
  power: 'PowerLoss',
  reset: 'Reboot',
  emergency: 'EmergencyStop',
};
const REFUSALS: Fields = { blocked: 'Blocked', expired: 'Expired', unknown: 'Invalid', busy: 'ConcurrentTx' };
const DONE: Fields = {
  accepted: 'Accepted',
  refused: 'Rejected',
  scheduled: 'Scheduled',
  restart: 'RebootRequired',
  unlocked: 'Unlocked',
  failed: 'UnlockFailed',
  unknown: 'NotSupported',
};
const SAID: Fields = { parked: 'Preparing', left: 'Available' };
/** What is done, by the call that it was made of. */
const FIRMWARE: Fields = {
  downloading: 'Downloading',
  downloaded: 'Downloaded',
  'download-failed': 'DownloadFailed',
  installing: 'Installing',
  installed: 'Installed',
  'install-failed': 'InstallationFailed',
  uploading: 'Uploading',
  uploaded: 'Uploaded',
  failed: 'UploadFailed',
};

/** A body with the fields that OCPP has for the same; anything else as it is. */
export function inWordsOfOcpp(body: Fields): Fields {
  const { say } = body;
  if (typeof say === 'string') return { ...body, ...saidFields(say, body) };
  if (typeof body['do'] === 'string') return { ...body, ...orderFields(body) };
  return { ...body, ...answerFields(body) };
}

function saidFields(say: string, body: Fields): Fields {
  const by = body['by'];
  const idTag = typeof by === 'object' && by !== null && 'value' in by ? by.value : undefined;
  const common = { connectorId: body['point'], idTag, errorCode: FAULTS[String(body['fault'])], info: body['text'] };
  switch (say) {
    case 'start':
      return { chargePointVendor: body['make'], chargePointModel: body['model'], firmwareVersion: body['soft'] };
    case 'state':
      return { ...common, status: STATES[String(body['state'])] };
    case 'meter':
      return { ...common, meterValue: [{ sampledValue: readings(body) }] };
    case 'ended':
      return {
        ...common,
        transactionId: body['number'],
        meterStop: body['meter'],
        reason: ENDS[String(body['why'])] ?? 'Other',
      };
    case 'firmware':
    case 'diagnostics':
      return { status: FIRMWARE[String(body['state'])] };
    case 'kit':
    case 'sensors':
      return { vendorId: 'LafonPulse', messageId: say === 'kit' ? 'kit' : `point/${String(body['point'])}` };
    default:
      return { ...common, status: SAID[say] };
  }
}

function readings(body: Fields): readonly Fields[] {
  const reading = (member: string, measurand: string) =>
    body[member] === undefined ? [] : [{ value: String(body[member]), measurand }];
  return [
    ...reading('meter', 'Energy.Active.Import.Register'),
    ...reading('power', 'Power.Active.Import'),
    ...reading('charge', 'SoC'),
  ];
}

function orderFields(body: Fields): Fields {
  const by = body['by'];
  const idTag = typeof by === 'object' && by !== null && 'value' in by ? by.value : undefined;
  const { point: connectorId, number: transactionId } = body;
  switch (body['do']) {
    case 'reset':
      return { type: body['hard'] === true ? 'Hard' : 'Soft' };
    case 'serve':
      return { connectorId, type: body['on'] === true ? 'Operative' : 'Inoperative' };
    case 'tell':
      return { connectorId, requestedMessage: body['what'] };
    case 'firmware':
    case 'diagnostics':
      return { location: body['url'] };
    case 'list':
    case 'show':
      return { vendorId: 'LafonPulse', messageId: body['do'] };
    default:
      return { connectorId, transactionId, idTag };
  }
}

function answerFields(body: Fields): Fields {
  const { ok, number: transactionId, keys, status } = body;
  return {
    ...(transactionId !== undefined && { transactionId }),
    ...(typeof ok === 'boolean' && {
      idTagInfo: { status: ok ? 'Accepted' : (REFUSALS[String(body['why'])] ?? 'Invalid') },
    }),
    ...(Array.isArray(keys) && { configurationKey: keys }),
    ...(Array.isArray(body['entries']) && { status: 'Accepted' }),
    ...(typeof status === 'string' && DONE[status] !== undefined && { status: DONE[status] }),
  };
}
