import type { QuirkMessages } from './messages.ts';

export const englishQuirks: QuirkMessages = {
  'nav.quirks': 'Quirk passport',
  'quirks.title': 'Quirk passport',
  'quirks.intro':
    'What the server had to forgive your chargers in order to understand them, by make, model and firmware. Send this list to the manufacturer: each quirk is explained, with an example.',
  'quirks.none': 'No quirk was seen: your chargers speak as the standard asks.',
  'quirks.csv': 'Export as CSV',
  'quirks.unnamed': 'Make not announced',
  'quirks.firmware': (firmware) => `Firmware ${firmware}`,
  'quirks.no-firmware': 'Firmware not announced',
  'quirks.chargers': (count, text) => (count === 1 ? `${text} charger` : `${text} chargers`),
  'quirks.tolerance': 'Quirk',
  'quirks.explained': 'What it means',
  'quirks.count': 'Uses',
  'quirks.charge-points': 'Chargers',
  'quirks.last': 'Last time',
  'quirks.example': 'Examples',
  'quirks.example.of': (chargePointId) => `in the journal of ${chargePointId}`,
  'habit.title': 'Charging profiles: what these chargers take',
  'habit.purpose': (asked, taken) => `${taken} in place of ${asked}`,
  'habit.level': (level) => `stack level ${level} at most`,
  'habit.unit': (unit) => `limits in ${unit} only`,
  'habit.zero': 'no limit of 0: the smallest current stands for it',
  'habit.composite': 'no composite schedule',
  'quirks.make': 'Make',
  'quirks.model': 'Model',
  'quirks.firmware.column': 'Firmware',
  'quirks.last-by': 'Last charger',
  'quirk.repaired-json':
    'The frame is not valid JSON: a comma, a bracket or a value was missing. The server repaired it.',
  'quirk.message-id-not-text': 'The message id is a number; the standard asks for text between quotes.',
  'quirk.message-id-reused': 'The same message id was used for two different calls on one connection.',
  'quirk.null-payload': 'The content of the call is “null”; the standard asks for an object, even an empty one.',
  'quirk.coerced-type':
    'A field has not the type that is asked for, such as a number between quotes. It was converted.',
  'quirk.over-long': 'A text is longer than the standard allows. It was kept.',
  'quirk.padded-text': 'A text has blanks around it or control characters in it. They were taken off.',
  'quirk.unknown-enum': 'A word is not in the list of the standard (status, error, reason…). It was read as “other”.',
  'quirk.extra-property': 'A field was sent that the standard does not know. It was passed over.',
  'quirk.missing-property': 'A required field is missing. A cautious value stands for it.',
  'quirk.odd-timestamp': 'A date is not written as the standard asks, or cannot be true.',
  'quirk.odd-transaction-id':
    'A transaction id cannot have come from this server. The session was found by other means.',
  'quirk.odd-unit': 'A unit is not that of the standard. The reading was converted.',
  'quirk.odd-value': 'A value is outside what is possible. It was corrected or left aside.',
  'quirk.unknown-message-type': 'The frame is neither a call nor an answer nor an error. It was passed over.',
  'quirk.no-subprotocol': 'The charger does not announce “ocpp1.6” when it connects. OCPP 1.6 was assumed.',
  'quirk.unsupported-subprotocol':
    'The charger announces another sub-protocol than “ocpp1.6” when it connects. OCPP 1.6 was assumed, as its record asks.',
  'quirk.no-connection-upgrade':
    'The charger asks for a WebSocket without the header “Connection: Upgrade”, which is mandatory. It was added.',
  'quirk.odd-path': 'The address that it calls ends in a slash, or holds the charger’s identity twice.',
  'quirk.missing-header':
    'A SOAP header that the standard asks for is missing (Action or MessageID). The call was read by its content.',
  'quirk.odd-namespace':
    'The XML namespace is not that of the standard, to the letter. The content was read all the same.',
  'quirk.bad-frame': 'The frame cannot be read: the charger got the error of the protocol, and the link was kept.',
};
