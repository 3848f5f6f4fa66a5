import { scenarioSuite } from './scenario.ts';
import { SOAP_1_5 } from './soap.ts';

scenarioSuite(SOAP_1_5);
