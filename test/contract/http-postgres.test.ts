import { postgresBackend } from '../support/backends.ts';
import { httpBackend } from '../support/http-backend.ts';
import { stockroomContract } from './stockroom.contract.ts';

stockroomContract('HTTP over PostgreSQL', httpBackend(postgresBackend));
