import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './billing-service/src/stores/postgres/schema/schema.ts',
  out: './drizzle',
});
