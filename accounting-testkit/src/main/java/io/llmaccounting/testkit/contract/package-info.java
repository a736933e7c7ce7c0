/**
 * What every backend must do, as tests: a storage author extends each contract and supplies a
 * subject, nothing else. Needs JUnit 5 and AssertJ.
 */
@NullMarked
package io.llmaccounting.testkit.contract;

import org.jspecify.annotations.NullMarked;
