// Asks the API about what is being typed: after a pause, one question at a time, and the last one always.
import { onBeforeUnmount, ref, type Ref } from 'vue';
import { tell_refusal } from '../../notices';

export function use_latest(pause_ms: number, ask: () => Promise<void>): { soon: () => void; asking: Ref<boolean> } {
  const asking = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined, again = false, gone = false, told = false;
  async function run(): Promise<void> {
    if (asking.value) {
      again = true;
      return;
    }
    asking.value = true;
    try {
      await ask();
      told = false;
    } catch (error) {
      if (!gone && !told) tell_refusal(error);
      told = true;
    } finally {
      asking.value = false;
    }
    if (again && !gone) {
      again = false;
      soon();
    }
  }
  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), pause_ms);
  }
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { soon, asking };
}
