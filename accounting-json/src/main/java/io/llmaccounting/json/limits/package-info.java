/**
 * Limits that are kept as code, as people write them in files. Knows the api's values and no syntax
 * but JSON; what reads another hands over {@link io.llmaccounting.json.limits.FileNode}s.
 */
@NullMarked
package io.llmaccounting.json.limits;

import org.jspecify.annotations.NullMarked;
