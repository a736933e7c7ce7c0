/** Reads usage back: records, and reports served from rollups where they can be. */
@NullMarked
package io.llmaccounting.sql.report;

import org.jspecify.annotations.NullMarked;
