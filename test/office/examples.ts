import type { TextShape } from '#src/domain/office/field.ts';

/** Texts of each shape as they are kept. */
export const SHAPED_EXAMPLES: Readonly<Record<TextShape, readonly string[]>> = {
  email: ['camille@exemple.fr', 'a.b+c@d-e.example'],
  phone: ['+33612345678', '0612345678'],
  username: ['camille', 'c.roux@ponant'],
  identity: ['PON-REN-01', 'A:B'],
  'cpo-id': ['FR*PON'],
  'station-roaming-id': ['FRPONP1', 'FRPONPQUAI42'],
  'point-roaming-id': ['FRPONE1', 'FRPONEQUAI421'],
  url: ['https://exemple.fr/ocpp', 'ws://10.0.0.1:8189/'],
  'file-url': ['https://exemple.fr/parvis-2.1.bin', 'ftp://10.0.0.1/a'],
  'time-zone': ['Europe/Paris', 'UTC'],
  offset: ['+01:00', '-09:30'],
  time: ['06:30', '23:59'],
  badge: ['04A2B6F23C5D80', '+33612345678'],
  iccid: ['8933012345678901234', '1234567890'],
  postcode: ['29200', 'SW1A 1AA'],
  siren: ['130025265', '732829320'],
  schedule: ['24/7', 'Mo-Fr 08:00-12:00,Mo-Fr 14:00-18:00,Th 08:00-18:00'],
};
