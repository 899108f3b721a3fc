/* Loaded by every page. Pages work without it; it adds comfort to what the server has drawn. */

import { enhanceDialogs } from "./lib/dialog.js";
import { enhanceForms } from "./lib/forms.js";
import { enhanceJobs } from "./lib/job.js";
import { enhanceMenus } from "./lib/menu.js";
import { enhancePreferences } from "./lib/preferences.js";
import { enhanceTables } from "./lib/table.js";
import { enhanceToasts } from "./lib/toast.js";

enhanceToasts();
enhanceMenus();
enhanceDialogs();
enhanceForms();
enhancePreferences();
enhanceTables();
enhanceJobs();
