import { lookAt } from './look.mjs';

lookAt(1440);
