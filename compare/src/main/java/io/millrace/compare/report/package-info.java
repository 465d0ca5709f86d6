/** The report of a comparison: tables, a CSV file and curves. */
@NullMarked
package io.millrace.compare.report;

import org.jspecify.annotations.NullMarked;
