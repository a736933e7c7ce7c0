/** The server: starts what it consists of, and stops it in order. */
@NullMarked
package io.llmaccounting.server;

import org.jspecify.annotations.NullMarked;
