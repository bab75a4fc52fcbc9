import { createApp } from 'vue';
import '../../shared/tokens.css';
import '../../shared/components.css';
import './styles/elements.css';
import './styles/console.css';
import App from './App.vue';
import { restore_jobs } from './jobs';
import { restore_language } from './messages';
import { restore_notices } from './notices';
import { router } from './router';
import { can, load_session, restore_reading, session } from './session';
import { listen_for_keys } from './shortcuts';

async function start(): Promise<void> {
  restore_reading();
  listen_for_keys();
  await Promise.all([restore_language().catch(() => undefined), load_session()]);
  if (session.signed_in) restore_notices();
  if (session.signed_in && can('collect_view')) restore_jobs();
  createApp(App).use(router).mount('#app');
}

void start();
