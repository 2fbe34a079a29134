/** What is wrong with the bot's settings; starts nothing: `farebox doctor` asks it. */
import { judgeSettings } from '../../common/src/judge-settings.js';
import { readConfig } from './config.js';

judgeSettings(readConfig);
