// The English texts, loaded when asked for; the ids are those of the Chinese ones.
import { app } from './en_app';
import { assess } from './en_assess';
import { collect } from './en_collect';
import { content } from './en_content';
import { find } from './en_find';
import { help } from './en_help';
import { manage } from './en_manage';
import { trust } from './en_trust';
import type { MessageId } from './index';

export const en: Record<MessageId, string> = { ...app, ...assess, ...collect, ...content, ...find, ...help, ...manage, ...trust };
