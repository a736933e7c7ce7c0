/** What every backend must make an accounting do, shown through the public API. */
package io.llmaccounting.acceptance;
