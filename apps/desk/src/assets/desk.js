/**
 * What scripts add to pages that work without them: times in the reader's own words, shown passwords, how much still
 * fits, one submission per click.
 */
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const WEEK = 7 * 86_400_000;
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });

for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime);
  const ago = at - Date.now();
  const [unit, length] = UNITS.find(([, each]) => -ago >= each) ?? ['second', 1000];
  const absolute = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  time.title = absolute;
  time.textContent = ago > 0 || -ago > WEEK ? absolute : relative.format(Math.round(ago / length), unit);
}

for (const input of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet reveal';
  button.textContent = 'Show';
  button.setAttribute('aria-label', 'Show password');
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? 'Hide' : 'Show';
    button.setAttribute('aria-pressed', String(shown));
  });
  input.form.addEventListener('submit', () => (input.type = 'password'));
  const row = document.createElement('div');
  row.className = 'row';
  input.replaceWith(row);
  row.append(input, button);
}

for (const area of document.querySelectorAll('textarea[maxlength]')) {
  const left = document.createElement('p');
  left.className = 'left-over';
  left.setAttribute('role', 'status');
  area.after(left);
  // Said only when it matters: nobody wants to hear a number with every key.
  const show = () => {
    const rest = area.maxLength - area.value.length;
    left.textContent = rest < area.maxLength / 5 ? `${rest} characters left` : '';
  };
  area.addEventListener('input', show);
  show();
}

for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // A page that comes back from the browser's memory may be sent again.
  addEventListener('pageshow', () => (sent = false));
}

document.querySelector('.errors')?.focus();
