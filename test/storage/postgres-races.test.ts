import { racesContract } from '../contract/races.contract.ts';
import { postgresBackend } from '../support/backends.ts';
import { freshAddress } from '../support/postgres-for-tests.ts';

racesContract(postgresBackend, freshAddress);
