import type { WeatherMessages } from './messages.ts';

export const englishWeather: WeatherMessages = {
  'weather.title': 'Simulated chargers',
  'weather.intro':
    'These sliders change the running simulation at once, Pulse kits included: see what the fleet, the journal and the alerts make of it.',
  'weather.lossPercent': 'Messages lost',
  'weather.delayMs': 'Mean delay of a message',
  'weather.skewSeconds': 'Clock of the chargers (ahead, or behind when negative)',
  'weather.duplicatesPercent': 'Messages that come twice',
  'weather.reorderPercent': 'Messages overtaken by others',
  'weather.unit.lossPercent': '%',
  'weather.unit.delayMs': 'ms',
  'weather.unit.skewSeconds': 's',
  'weather.unit.duplicatesPercent': '%',
  'weather.unit.reorderPercent': '%',
  'weather.apply': 'Apply',
  'weather.calm': 'Back to calm',
  'weather.applied': 'The simulation follows these settings.',
  'weather.wrong': 'A setting is outside its limits: nothing has changed.',
  'weather.command-line': 'The same against any server:',
  'weather.command-line-kits': 'For Pulse kits, each on its line with its serial number and its key:',
};
