// The Chinese texts: the complete list of ids, a file for each group of pages.
import { app } from './zh_app';
import { assess } from './zh_assess';
import { collect } from './zh_collect';
import { content } from './zh_content';
import { find } from './zh_find';
import { help } from './zh_help';
import { manage } from './zh_manage';
import { trust } from './zh_trust';

export const zh = { ...app, ...assess, ...collect, ...content, ...find, ...help, ...manage, ...trust };
