// Shows the text that the API made of the markup. The reply is HTML of known tags; it is read into nodes without running,
// and only those tags and attributes are drawn, so that nothing else could come through.
import { h, type FunctionalComponent, type VNode } from 'vue';
import { picture_address } from './words';

const kTags = new Set(['p', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'blockquote', 'figure', 'figcaption', 'img', 'a', 'strong', 'em', 'br', 'hr', 'div', 'span',
  'table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td']);
const kAttributes = ['alt', 'scope', 'width', 'height', 'colspan', 'rowspan', 'start', 'data-name'];
const kKeptClasses = new Set(['table', 'table-scroll', 'number', 'code', 'hint', 'cards']);

/** A picture that is not in public yet has no public address: the console has its own. */
function source_of(address: string): string {
  const digest = /[0-9a-f]{64}/.exec(address)?.[0];
  return digest ? picture_address(digest) : '';
}

function attributes_of(element: Element): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of kAttributes) {
    const value = element.getAttribute(name);
    if (value !== null) kept[name] = value;
  }
  const classes = [...element.classList].filter((name) => kKeptClasses.has(name));
  if (classes.length) kept.class = classes.join(' ');
  if (classes.includes('table-scroll')) Object.assign(kept, { tabindex: '0', role: 'region', 'aria-label': element.getAttribute('aria-label') ?? '' });
  return kept;
}

function draw(node: Node): VNode | string | (VNode | string)[] {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  if (!(node instanceof Element)) return '';
  const tag = node.localName, children = [...node.childNodes].flatMap(draw);
  if (!kTags.has(tag)) return children;
  const attributes = attributes_of(node);
  if (tag === 'img') return h('img', { ...attributes, src: source_of(node.getAttribute('src') ?? '') });
  if (tag === 'a') {
    const address = node.getAttribute('href') ?? '';
    return /^(https?:|\/(?!\/))/.test(address) ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, children) : h('span', children);
  }
  return h(tag, attributes, children);
}

const MarkupView: FunctionalComponent<{ html: string }> = ({ html }) =>
  h('div', { class: 'markup' }, [...new DOMParser().parseFromString(html, 'text/html').body.childNodes].flatMap(draw));
MarkupView.props = ['html'];
export default MarkupView;
