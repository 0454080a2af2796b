// Light or dark: as the system says, until the reader says otherwise.

const themes = { listeners: [] };
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const onPaper = window.matchMedia('print');

function byId(id) {
  return document.getElementById(id);
}

// An element with text, never with markup: what it says comes from programs.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function storedTheme() {
  try {
    return localStorage.getItem('piccolo-theme');
  } catch {
    return null;  // a browser may deny storage to files
  }
}

function isDark() {
  if (onPaper.matches || themes.printing) return false;
  const chosen = themes.chosen ?? storedTheme();
  return chosen ? chosen === 'dark' : systemDark.matches;
}

function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  for (const listener of themes.listeners) listener();
}

function switchTheme() {
  themes.chosen = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem('piccolo-theme', themes.chosen);
  } catch {
    // for this visit only, then
  }
  applyTheme();
}

function startThemes() {
  systemDark.addEventListener('change', applyTheme);
  onPaper.addEventListener('change', applyTheme);
  const paper = printing => () => {
    themes.printing = printing;
    applyTheme();
  };
  window.addEventListener('beforeprint', paper(true));
  window.addEventListener('afterprint', paper(false));
  byId('theme').addEventListener('click', switchTheme);
  applyTheme();
}

// What the style sheet calls `--name`.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}
