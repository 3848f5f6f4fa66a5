import { scenarioSuite } from './scenario.ts';
import { SOAP_1_6 } from './soap.ts';

scenarioSuite(SOAP_1_6);
