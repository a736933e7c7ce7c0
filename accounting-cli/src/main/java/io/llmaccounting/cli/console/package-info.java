/** What every command prints with, and how a run ends. */
@NullMarked
package io.llmaccounting.cli.console;

import org.jspecify.annotations.NullMarked;
