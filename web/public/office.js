// What lists and forms do beyond links and posts. Without it they work all the same.

/* A list: tick all, and the delete button only while something is ticked. */
document.addEventListener('change', (event) => {
  const form = event.target.closest?.('[data-selection]');
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="id"]')];
  if (event.target.matches('[data-select-all]')) for (const box of boxes) box.checked = event.target.checked;
  form.querySelector('.selection')?.classList.toggle(
    'some',
    boxes.some((box) => box.checked),
  );
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
const enhance = () => document.querySelectorAll('[data-dual]').forEach(dual);
document.addEventListener('DOMContentLoaded', enhance);
document.addEventListener('htmx:after:swap', enhance);

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
