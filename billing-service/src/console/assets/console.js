// The page works without this: it only sends a choice of language or time zone at once.
for (const select of document.querySelectorAll('footer select')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
