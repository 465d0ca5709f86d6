const KEY = 'millrace-page';

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** What the user has chosen; kept in this browser. */
export const settings = { theme: 'auto', task: '', per: 'step', score: 'accuracy', hidden: {}, ...read() };

export function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that stores nothing shows the same page; it forgets the choices.
  }
}

const system = matchMedia('(prefers-color-scheme: dark)');

export function applyTheme() {
  const dark = settings.theme === 'dark' || (settings.theme === 'auto' && system.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

export function onSystemTheme(listener) {
  system.addEventListener('change', listener);
}
