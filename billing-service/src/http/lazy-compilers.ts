/**
 * Fastify compiles the schemas of all routes before it listens, which took a seventh of a start; here each is compiled
 * when its route is first called. So that a schema that does not compile is found in time, a test compiles them all.
 */
import { AjvCompiler } from '@fastify/ajv-compiler';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';

const buildAjv = AjvCompiler();
const buildStringify = SerializerSelector();

/** For Fastify's `schemaController.compilersFactory`. */
export const lazyCompilers = {
  buildValidator(...settings: Parameters<typeof buildAjv>): FastifySchemaCompiler<unknown> {
    const compile = buildAjv(...settings);
    return (route) => {
      let check: ReturnType<typeof compile> | undefined;
      const lazy = Object.assign(
        (data: unknown): boolean => {
          check ??= compile(route as never);
          const ok = check(data) as boolean;
          // Fastify reads the findings from the function that it was given.
          lazy.errors = check.errors ?? null;
          return ok;
        },
        { errors: null as ReturnType<typeof compile>['errors'] | null },
      );
      return lazy as unknown as ReturnType<FastifySchemaCompiler<unknown>>;
    };
  },
  buildSerializer(...settings: Parameters<typeof buildStringify>): FastifySerializerCompiler<unknown> {
    const compile = buildStringify(...settings);
    return (route) => {
      let write: ((data: unknown) => string) | undefined;
      return (data) => {
        write ??= compile(route as never) as (data: unknown) => string;
        return write(data);
      };
    };
  },
};
