import type { Config } from '../../billing-service/src/config.js';
import type { Route } from '../../billing-service/src/http/define-route.js';
import type { Services } from '../../billing-service/src/http/services.js';

/** `POST /tokens/reserve` answered in another way. */
export type Contender = (services: Services, config: Config) => Route | Promise<Route>;
