/** The page at /docs and its looks. Everything is from this origin; Swagger UI styles itself inline and draws its icons as data. */

export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
].join(';');

/** `address` names a file with the version that makes it cacheable for good. */
export const pageHtml = (address: (file: string) => string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Farebox API</title>
<link rel="icon" type="image/svg+xml" href="${address('icon.svg')}">
<link rel="stylesheet" href="${address('swagger-ui.css')}">
<link rel="stylesheet" href="${address('page.css')}">
</head>
<body>
<noscript>This page needs JavaScript. The same document: <a href="/openapi.yaml">openapi.yaml</a>.</noscript>
<div id="swagger-ui"></div>
<script src="${address('swagger-ui-bundle.js')}"></script>
<script src="${address('page.js')}"></script>
</body>
</html>
`;

/** A coin that goes into a slot. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#173647"/><circle cx="16" cy="11.5" r="7" fill="#ffc83d"/><path d="M16 7.5v8M13.5 9.5h5M13.5 13h5" stroke="#8a5a00" stroke-width="1.6" stroke-linecap="round"/><rect x="6" y="21" width="20" height="4" rx="2" fill="#7fd4ff"/></svg>`;

/** Swagger UI is made for a desk; below 640 px its tables and rows must break, or the page is wider than the screen. */
export const PAGE_CSS = `
body { margin: 0; background: #fff; }
html.dark-mode, html.dark-mode body { background: #1c2022; color: #e4e6e6; }
noscript { display: block; padding: 2rem; font-family: sans-serif; }
@media (max-width: 640px) {
  #swagger-ui { overflow-x: clip; }
  .swagger-ui .opblock-summary .copy-to-clipboard { display: none; }
  .swagger-ui .wrapper { padding: 0 12px; }
  .swagger-ui .scheme-container { padding: 16px 0; }
  .swagger-ui .info { margin: 24px 0; }
  .swagger-ui .info .title { font-size: 28px; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-method { min-width: 64px; padding: 6px 0; font-size: 12px; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; flex: 1 1 0; font-size: 14px; overflow-wrap: anywhere; }
  .swagger-ui .opblock .opblock-summary-description { flex: 1 0 100%; padding: 4px 0 0; }
  .swagger-ui .opblock .opblock-section-header { flex-wrap: wrap; gap: 8px; }
  .swagger-ui table.parameters, .swagger-ui table.parameters tbody, .swagger-ui table.parameters tr, .swagger-ui table.parameters td { display: block; width: auto; }
  .swagger-ui table.parameters thead { display: none; }
  .swagger-ui .parameters-col_description input, .swagger-ui textarea { max-width: 100%; min-width: 0; width: 100%; box-sizing: border-box; }
  .swagger-ui .responses-inner { padding: 12px; }
  .swagger-ui table.responses-table { table-layout: fixed; width: 100%; }
  .swagger-ui .response-col_status { width: 3.5em; min-width: 0; }
  .swagger-ui .response-col_links { display: none; }
  .swagger-ui .highlight-code, .swagger-ui pre { max-width: 100%; overflow-x: auto; }
  .swagger-ui .modal-ux { min-width: 0; width: 92vw; }
}
`;
