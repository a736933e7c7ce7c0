/**
 * What SQL backends share. No type of it is for users.
 *
 * <p>How names are bounded in rollups:
 *
 * <table>
 *   <caption>Types of names</caption>
 *   <tr><th>type</th><th>what it is</th></tr>
 *   <tr><td>{@code RollupDimension}</td><td>what rollups tell usage apart by</td></tr>
 *   <tr><td>{@code RollupName}</td><td>a name of a dimension on one day</td></tr>
 *   <tr><td>{@code NameRows}</td><td>rows of the tables rollup_name and rollup_full</td></tr>
 *   <tr><td>{@code NameFold}</td><td>which row a key is counted in, given what is full; pure</td></tr>
 *   <tr><td>{@code LedgerNames}</td><td>what transactions of a ledger do with names</td></tr>
 *   <tr><td>{@code MetNames}</td><td>the names that a ledger remembers, in bounded memory</td></tr>
 *   <tr><td>{@code NamesOfDay}</td><td>the names of a day whose rollups are made anew</td></tr>
 *   <tr><td>{@code ReportNames}</td><td>what a report has to know of full days</td></tr>
 * </table>
 */
@NullMarked
package io.llmaccounting.sql;

import org.jspecify.annotations.NullMarked;
