import type { Nameplate } from './state.ts';

type Model = Pick<Nameplate, 'vendor' | 'model' | 'firmwareVersion' | 'connectors' | 'powerW'>;

/** Makers that do not exist, of models that well could: what a French car park is made of. */
export const MODELS: readonly Model[] = [
  { vendor: 'Volterre', model: 'Parvis 22-2', firmwareVersion: '4.2.11', connectors: 2, powerW: 22_000 },
  { vendor: 'Volterre', model: 'Parvis 7-2', firmwareVersion: '4.1.8', connectors: 2, powerW: 7_400 },
  { vendor: 'Bornéo', model: 'Lagune Duo', firmwareVersion: '2024.09.2', connectors: 2, powerW: 22_000 },
  { vendor: 'Bornéo', model: 'Lagune Solo', firmwareVersion: '2024.03.7', connectors: 1, powerW: 7_400 },
  {
    vendor: 'Elektrowerk Aalen',
    model: 'EWA Säule AC22',
    firmwareVersion: 'V1.18.0-r3',
    connectors: 2,
    powerW: 22_000,
  },
  { vendor: 'Corrente Sud', model: 'Rapida 50', firmwareVersion: '3.0.24', connectors: 2, powerW: 50_000 },
  { vendor: 'Ampéa', model: 'Mistral DC50', firmwareVersion: '7.5.1', connectors: 1, powerW: 50_000 },
  { vendor: 'Nordlader', model: 'NL-Wall 11', firmwareVersion: '1.9.4', connectors: 1, powerW: 11_000 },
];

/** The charger that a Pulse kit stands in, and the name of its software. */
export function kitNameplate(serial: string): Nameplate {
  const model = { vendor: 'Volterre', model: 'Parvis 7-2', firmwareVersion: 'KIPA101B202A', powerW: 7_400 };
  return { ...model, connectors: 2, identity: serial, serialNumber: serial };
}

/** A nameplate for each identity, models taken in turn, serial numbers that say which maker they come from. */
export function nameplatesFor(identities: readonly string[]): readonly Nameplate[] {
  return identities.flatMap((identity, index) => {
    const model = MODELS[index % MODELS.length];
    if (!model) return [];
    const prefix = model.vendor.slice(0, 2).toUpperCase();
    return [{ ...model, identity, serialNumber: `${prefix}${24_000_117 + index * 37}` }];
  });
}
