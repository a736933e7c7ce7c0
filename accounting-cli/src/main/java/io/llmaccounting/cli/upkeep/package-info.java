/** Commands that look after a database: its proofs, its repair, its schema. */
@NullMarked
package io.llmaccounting.cli.upkeep;

import org.jspecify.annotations.NullMarked;
