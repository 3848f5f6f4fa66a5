import { chargerModelScreen } from './charger-model.ts';
import { companyScreen } from './company.ts';
import { customFieldScreen } from './custom-field.ts';
import { customerScreen, publicCustomerScreen } from './customer.ts';
import { evseScreen, modelEvseScreen } from './evse.ts';
import { grappeScreen } from './grappe.ts';
import { roleScreen } from './role.ts';
import type { Screen } from './screen.ts';
import { stationScreen } from './station.ts';
import { subscriberScreen } from './subscriber.ts';
import { firmwareScreen, grantedKitScreen, kitScreen, serverScreen, simScreen } from './supplies.ts';
import { userScreen } from './user.ts';

/** Every declared screen; the tests that go over all of them cover a new one on the day it is written. */
export const SCREENS: readonly Screen[] = [
  companyScreen,
  stationScreen,
  customerScreen,
  publicCustomerScreen,
  userScreen,
  roleScreen,
  customFieldScreen,
  chargerModelScreen,
  evseScreen,
  modelEvseScreen,
  subscriberScreen,
  grappeScreen,
  kitScreen,
  grantedKitScreen,
  simScreen,
  firmwareScreen,
  serverScreen,
];
