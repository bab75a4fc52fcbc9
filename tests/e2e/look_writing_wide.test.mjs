// The pages of content management in every dress, on a wide screen.
import { look_at_pages } from './console.mjs';
import { looks } from './look_writing.mjs';

look_at_pages('content management', looks, [1440]);
