import { PULSE_KIT } from './kit.ts';
import { scenarioSuite } from './scenario.ts';

scenarioSuite(PULSE_KIT);
