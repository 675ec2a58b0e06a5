// What mdbook's pages lack for keyboards and screen readers. scripts/book.mjs makes a button of the label that opens the contents.
(() => {
  const toggle = document.getElementById('mdbook-sidebar-toggle');
  const state = document.getElementById('mdbook-sidebar-toggle-anchor');
  if (toggle && state) toggle.addEventListener('click', () => state.click());
  // Contents that are closed are not to be reached.
  const contents = document.getElementById('mdbook-sidebar');
  if (contents) {
    const follow = () => { contents.inert = contents.getAttribute('aria-hidden') === 'true'; };
    new MutationObserver(follow).observe(contents, { attributes: true, attributeFilter: ['aria-hidden'] });
    follow();
  }
  document.getElementById('mdbook-menu-bar')?.setAttribute('role', 'banner');
  // What is wider than its place is scrolled by the arrow keys, too.
  for (const wide of document.querySelectorAll('.table-wrapper, pre > code')) wide.tabIndex = 0;
})();
