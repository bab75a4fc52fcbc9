// What every form does when it is sent: once at a time, and nothing typed is lost when it is refused or the line breaks.
import { ref, type Ref } from 'vue';
import { refusal_text } from '../notices';

export interface Sending {
  busy: Ref<boolean>;
  /** What was refused last, with what to do. */
  wrong: Ref<{ title: string; text: string } | undefined>;
  send: () => Promise<void>;
}

/** run does everything, from asking the API to clearing the draft; what it throws is told beside the form. */
export function use_sending(run: () => Promise<void>): Sending {
  const busy = ref(false), wrong = ref<{ title: string; text: string }>();
  async function send(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    wrong.value = undefined;
    try {
      await run();
    } catch (error) {
      wrong.value = refusal_text(error);
    } finally {
      busy.value = false;
    }
  }
  return { busy, wrong, send };
}
