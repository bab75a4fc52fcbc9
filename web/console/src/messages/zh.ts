// The Chinese texts: the complete list of ids, a file for each group of pages.
import { app } from './zh_app';
import { collect } from './zh_collect';
import { find } from './zh_find';
import { manage } from './zh_manage';
import { trust } from './zh_trust';

export const zh = { ...app, ...collect, ...find, ...manage, ...trust };
