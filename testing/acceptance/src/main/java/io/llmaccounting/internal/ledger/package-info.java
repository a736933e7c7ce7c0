/** Histories of processes that lease limits, played on the operations of core's ledger. */
package io.llmaccounting.internal.ledger;
