// What opens over the page is loaded when it is first wanted. A line that breaks just then is waited for a moment; if that
// does not help it is told, and the next wish tries again.
import { defineAsyncComponent, type Component } from 'vue';
import { tell_offline } from '../notices';

const kTries = 4, kWait_ms = 1000;

export function later<T extends Component>(load: () => Promise<{ default: T }>, failed: () => void): T {
  return defineAsyncComponent(async () => {
    for (let tried = 1; ; tried++) {
      try {
        return await load();
      } catch (error) {
        if (tried < kTries) {
          await new Promise((resolve) => setTimeout(resolve, kWait_ms));
          continue;
        }
        failed();
        tell_offline();
        throw error;
      }
    }
  });
}
