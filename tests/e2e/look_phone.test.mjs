import { lookAt } from './look.mjs';

lookAt(390);
