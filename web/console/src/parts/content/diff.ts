// What differs between two texts, line by line.
export interface Part { kind: 'same' | 'added' | 'removed'; text: string }

const kMost_cells = 4_000_000;  // of the table below; beyond, all is told as changed

/** The longest common lines stay; of the others, those of `old` come first. */
export function line_diff(old_text: string, new_text: string): Part[] {
  const old = old_text.split('\n'), now = new_text.split('\n');
  let start = 0, end = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const same = (lines: string[]): Part[] => lines.map((text) => ({ kind: 'same', text }));
  const middle = differing(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return [...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))];
}

function differing(old: string[], now: string[]): Part[] {
  const removed = (text: string): Part => ({ kind: 'removed', text }), added = (text: string): Part => ({ kind: 'added', text });
  if (old.length * now.length > kMost_cells) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1, common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === now[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const parts: Part[] = [];
  let i = 0, j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push({ kind: 'same', text: old[i]! });
      i += 1;
      j += 1;
    } else if (i < old.length && (j === now.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      parts.push(removed(old[i]!));
      i += 1;
    } else {
      parts.push(added(now[j]!));
      j += 1;
    }
  }
  return parts;
}
