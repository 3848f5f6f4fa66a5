import { JSON_1_6 } from './json.ts';
import { scenarioSuite } from './scenario.ts';

scenarioSuite(JSON_1_6);
