// Sets the theme before the page is drawn. A classic script: modules run too late.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try { return localStorage.getItem('atlasint-theme') || 'system'; } catch { return 'system'; }
  };
  const apply = () => {
    const choice = stored();
    const isDark = choice === 'dark' || choice === 'system' && dark.matches;
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  };
  globalThis.atlasintTheme = {
    get: stored,
    set(choice) {
      try { localStorage.setItem('atlasint-theme', choice); } catch { /* the browser blocks storage */ }
      apply();
    },
  };
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  apply();
})();
