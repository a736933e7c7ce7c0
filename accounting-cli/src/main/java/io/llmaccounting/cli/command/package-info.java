/** What every command is made of: the options that all know, the database, what it answers with. */
@NullMarked
package io.llmaccounting.cli.command;

import org.jspecify.annotations.NullMarked;
