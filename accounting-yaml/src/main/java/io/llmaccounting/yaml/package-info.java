/** Files in YAML. Knows the forms of accounting-json, which it hands what a file says. */
@NullMarked
package io.llmaccounting.yaml;

import org.jspecify.annotations.NullMarked;
