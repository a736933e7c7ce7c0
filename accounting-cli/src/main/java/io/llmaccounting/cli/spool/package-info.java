/** Commands about what waits on the local disk, and whether all is well. */
@NullMarked
package io.llmaccounting.cli.spool;

import org.jspecify.annotations.NullMarked;
