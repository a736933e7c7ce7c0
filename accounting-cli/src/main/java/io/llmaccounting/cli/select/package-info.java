/**
 * Questions in SQL on connections that the database itself keeps read-only: whatever is typed, it
 * is not this code that has to see through it.
 */
@NullMarked
package io.llmaccounting.cli.select;

import org.jspecify.annotations.NullMarked;
