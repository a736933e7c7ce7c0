/** The commands of the server's application. */
@NullMarked
package io.llmaccounting.server.command;

import org.jspecify.annotations.NullMarked;
