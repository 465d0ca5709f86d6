/** What a comparison leaves behind: tables, a CSV file and curves. */
package io.millrace.compare.report;
