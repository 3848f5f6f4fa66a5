// What lists and forms do beyond links and posts. Without it they work all the same.

/* A list: tick all, and the delete button only while something is ticked. */
document.addEventListener('change', (event) => {
  const form = event.target.closest?.('[data-selection]');
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="id"]')];
  if (event.target.matches('[data-select-all]')) for (const box of boxes) box.checked = event.target.checked;
  const ticked = boxes.filter((box) => box.checked).length;
  form.querySelector('.selection')?.classList.toggle('some', ticked > 0);
  const count = form.querySelector('[data-count]');
  if (count) count.textContent = ticked === 1 ? count.dataset.one : count.dataset.other.replace('{}', ticked);
});

/* Two lists with arrows, made of one list with boxes, which stay what is sent. */
const dual = (list) => {
  if (list.classList.contains('two')) return;
  const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
  const text = (box) => box.closest('label').textContent.trim();
  const [available, chosen] = ['available', 'chosen'].map((name) => {
    const select = document.createElement('select');
    select.multiple = true;
    select.setAttribute('aria-label', list.dataset[name]);
    return select;
  });
  const fill = () => {
    available.replaceChildren();
    chosen.replaceChildren();
    for (const box of boxes) (box.checked ? chosen : available).append(new Option(text(box), box.value));
  };
  const move = (from, checked) => () => {
    const values = new Set([...from.selectedOptions].map((option) => option.value));
    for (const box of boxes) if (values.has(box.value)) box.checked = checked;
    fill();
    list.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const button = (sign, title, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'icon-button';
    made.title = title;
    made.textContent = sign;
    made.setAttribute('aria-label', title);
    made.addEventListener('click', act);
    return made;
  };
  const arrows = document.createElement('div');
  arrows.className = 'arrows';
  arrows.append(
    button('→', list.dataset.add, move(available, true)),
    button('←', list.dataset.remove, move(chosen, false)),
  );
  available.addEventListener('dblclick', move(available, true));
  chosen.addEventListener('dblclick', move(chosen, false));
  for (const box of boxes) box.closest('label').hidden = true;
  list.classList.add('two');
  list.append(available, arrows, chosen);
  fill();
};
const enhance = () => {
  document.querySelectorAll('[data-dual]').forEach(dual);
  document.querySelectorAll('[data-suggest]:not([role])').forEach(combobox);
};
document.addEventListener('DOMContentLoaded', enhance);
document.addEventListener('htmx:after:swap', enhance);

/* Suggestions below a field: arrows go through them, Enter or a click takes one, Escape leaves what was typed. */
const suggestionsOf = (input) => document.getElementById(input.dataset.suggest);
const combobox = (input) => {
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', input.dataset.suggest);
  input.setAttribute('aria-expanded', 'false');
};
const point = (input, option) => {
  for (const one of suggestionsOf(input).children) one.setAttribute('aria-selected', String(one === option));
  if (option) input.setAttribute('aria-activedescendant', option.id);
  else input.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
};
const unfold = (input, open) => {
  const list = suggestionsOf(input);
  list.hidden = !open || list.children.length === 0;
  input.setAttribute('aria-expanded', String(!list.hidden));
  if (list.hidden) point(input, null);
};
const take = (input, { dataset }) => {
  const { postcode, city } = input.form.elements;
  city.value = dataset.city;
  if (!dataset.postcodes.split(' ').includes(postcode.value)) postcode.value = dataset.postcode;
  unfold(input, false);
  input.dispatchEvent(new Event('change', { bubbles: true }));
};
document.addEventListener('htmx:after:swap', () => {
  const input = document.activeElement?.closest('[data-suggest]');
  if (input) unfold(input, true);
});
document.addEventListener('focusout', ({ target }) => target.matches?.('[data-suggest]') && unfold(target, false));
document.addEventListener('keydown', (event) => {
  const input = event.target.closest?.('[data-suggest]');
  if (!input || suggestionsOf(input).hidden) return;
  const options = [...suggestionsOf(input).children];
  const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) point(input, options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length]);
  else if (event.key === 'Enter' && at >= 0) take(input, options[at]);
  else if (event.key === 'Escape') unfold(input, false);
  else return;
  event.preventDefault();
});
// The field keeps the focus while its suggestions are clicked.
document.addEventListener('mousedown', (event) => event.target.closest?.('.suggestions') && event.preventDefault());
document.addEventListener('click', ({ target }) => {
  const option = target.closest?.('.suggestions > [role="option"]');
  if (option) take(document.querySelector(`[data-suggest="${option.parentElement.id}"]`), option);
});

/* Leaving with unsaved changes asks once. */
let changed = null;
document.addEventListener('input', (event) => {
  changed = event.target.closest?.('[data-guard]') ?? changed;
});
document.addEventListener('change', (event) => {
  if (event.target.closest?.('[data-guard]')) changed = event.target.closest('[data-guard]');
});
document.addEventListener('submit', () => (changed = null));
window.addEventListener('beforeunload', (event) => {
  if (changed?.isConnected) event.preventDefault();
});
