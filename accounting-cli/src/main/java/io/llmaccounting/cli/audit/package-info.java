/** Commands about the audit log. */
@NullMarked
package io.llmaccounting.cli.audit;

import org.jspecify.annotations.NullMarked;
