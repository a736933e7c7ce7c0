/** What the SQL backends share. No type that applications touch. */
@NullMarked
package io.llmaccounting.sql;

import org.jspecify.annotations.NullMarked;
