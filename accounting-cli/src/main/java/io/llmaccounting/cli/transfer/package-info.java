/** {@code export} and {@code import}: everything that a store knows, as JSON lines. */
@NullMarked
package io.llmaccounting.cli.transfer;

import org.jspecify.annotations.NullMarked;
