/** The commands of the command line, one class each. */
@NullMarked
package io.millrace.app.cli;

import org.jspecify.annotations.NullMarked;
